import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { openStore, type StoreDatabase, UsherError } from 'usher-bots';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority, type Issued } from '../../postgres/certificates.ts';
import { PostgresServer } from '../../postgres/postgres-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-tls-'));
const secret = 's3cr%2Fet';

let server: PostgresServer;
let ours: Authority;
let theirs: Authority;
let client: Issued;

/** A server that takes nobody without TLS: the role ada by password, the role cert by certificate. */
beforeAll(async () => {
  ours = new Authority(folder, 'ours');
  theirs = new Authority(folder, 'theirs');
  client = ours.issue('cert', 'DNS:client');
  const { cert, key } = ours.issue('localhost', 'DNS:localhost');
  server = await PostgresServer.start();
  for (const [name, file] of [
    ['server.crt', cert],
    ['server.key', key],
    ['root.crt', ours.ca],
  ] as const) {
    server.place(name, readFileSync(file, 'utf8'));
  }
  await server.stop();
  server.configure({ ssl: 'on', ssl_ca_file: 'root.crt' });
  server.place(
    'pg_hba.conf',
    [
      'local all all trust',
      'hostssl all cert all cert clientcert=verify-full',
      'hostssl all all all scram-sha-256',
      '',
    ].join('\n'),
  );
  await server.resume();
  await server.sql(
    `create role ada login superuser password '${decodeURIComponent(secret)}'; create role cert login superuser`,
  );
}, 60_000);

afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const url = (host: string, parameters = ''): string =>
  `postgres://ada:${secret}@${host}:${server.port}/postgres${parameters}`;

/** What is said instead of a store; nothing of it, however it is printed, holds the password. */
async function refusal(store: string | StoreDatabase): Promise<string> {
  try {
    await (await openStore(store)).close();
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    const told = `${inspect(error, { depth: 9, showHidden: true })} ${error.stack} ${JSON.stringify(error)}`;
    expect(told).not.toContain(secret);
    expect(told).not.toContain(decodeURIComponent(secret));
    return `${error.code}: ${error.message}`;
  }
  return 'it was opened';
}

describe('a server with TLS', () => {
  it('is trusted by its CA and its name, given by the URL or beside it', async () => {
    expect(await refusal(url('localhost', `?sslrootcert=${ours.ca}`))).toBe('it was opened');
    expect(await refusal(url('localhost', `?sslmode=verify-full&sslrootcert=${ours.ca}`))).toBe(
      'it was opened',
    );
    expect(await refusal({ url: url('localhost'), tls: { ca: ours.ca } })).toBe('it was opened');
  });

  it('knows a client by its certificate', async () => {
    const as = `postgres://cert@localhost:${server.port}/postgres`;
    expect(await refusal({ url: as, tls: { ca: ours.ca, ...client } })).toBe('it was opened');
    expect(await refusal(`${as}?sslrootcert=${ours.ca}&sslcert=${client.cert}&sslkey=${client.key}`)).toBe(
      'it was opened',
    );
    expect(await refusal({ url: as, tls: { ca: ours.ca } })).toMatch(
      /^USHER_STORE_BROKEN: .* refuses the role \(connection requires a valid client certificate\)$/,
    );
  });

  it('is not trusted without its CA, with that of another, or by another name', async () => {
    const because = (reason: RegExp) =>
      new RegExp(`^USHER_STORE_BROKEN: the store postgres://\\S+ cannot be trusted: ${reason.source}`);
    expect(await refusal(url('localhost', '?sslmode=verify-full'))).toMatch(
      because(/self-signed certificate in certificate chain/),
    );
    expect(await refusal({ url: url('localhost'), tls: { ca: theirs.ca } })).toMatch(
      because(/.*certificate/),
    );
    expect(await refusal({ url: url('127.0.0.1'), tls: { ca: ours.ca } })).toMatch(
      because(/Hostname\/IP does not match certificate's altnames/),
    );
  });

  it('does not take who comes without TLS, or with a wrong password', async () => {
    expect(await refusal(url('localhost'))).toMatch(
      /^USHER_STORE_BROKEN: .* refuses the role \(no pg_hba\.conf/,
    );
    expect(await refusal(url('localhost', `?sslrootcert=${ours.ca}`).replace(secret, 'guessed'))).toMatch(
      /^USHER_STORE_BROKEN: .* refuses the password \(password authentication failed for user "ada"\)$/,
    );
  });
});

describe('certificates', () => {
  it('that cannot be read are named', async () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'no certificate');
    expect(await refusal({ url: url('localhost'), tls: { ca: join(folder, 'gone.crt') } })).toMatch(
      /^USHER_CONFIG_INVALID: the URL of the store names a CA that cannot be read: ENOENT/,
    );
    expect(await refusal({ url: url('localhost'), tls: { ca: text } })).toBe(
      `USHER_CONFIG_INVALID: the URL of the store names a CA that is no PEM file: ${text}`,
    );
    expect(await refusal({ url: url('localhost'), tls: { cert: client.cert } })).toMatch(/both are needed$/);
  });
});
