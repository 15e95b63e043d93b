import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, UsherError } from '../../errors.ts';

/** The paths of PEM files by which a server is trusted, and by which it knows this client. */
export interface PostgresTls {
  /** Certificates that the server's own is checked with. Default: those that Node trusts. */
  readonly ca?: string | undefined;
  /** The client's certificate, with its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** A database, with everything that a connection to it needs. */
export interface PostgresPlace {
  /** As in messages, without user and password: `the store postgres://db1:5432,db2:5432/usher`. */
  readonly name: string;
  /** In the order in which they are tried. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: ConnectionOptions | false;
  readonly applicationName: string;
}

export interface PlaceOptions {
  readonly tls?: PostgresTls | undefined;
  /** Where the URL has none. Default: what pg finds, `PGPASSWORD` first. */
  readonly password?: string | undefined;
}

const defaultPort = 5432;
const known = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'application_name',
  'target_session_attrs',
  'host',
];

/** Scheme, perhaps user and password, hosts (several by commas), database, parameters. */
const form = /^postgres(?:ql)?:\/\/(?:([^/?#@]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

export const isPostgresUrl = (text: string): boolean => /^postgres(ql)?:/.test(text);

/**
 * Reads a URL of PostgreSQL: `postgres://user:password@host:port,host:port/database?sslmode=…`. What a fault says
 * holds neither user nor password.
 *
 * @throws UsherError USHER_CONFIG_INVALID
 */
export function postgresPlace(url: string, { tls = {}, password: apart }: PlaceOptions = {}): PostgresPlace {
  const [, credentials = '', authority = '', path = '', query = ''] = form.exec(url) ?? refuse(unreadable);
  const parameters = new URLSearchParams(query);
  const strange = [...parameters.keys()].find((name) => !known.includes(name));
  if (strange !== undefined) refuse(`has the parameter ${strange}; known: ${known.join(', ')}`);
  const wanted = parameters.get('target_session_attrs') ?? 'read-write';
  if (wanted !== 'read-write' && wanted !== 'primary')
    refuse('must be for writing: target_session_attrs=read-write');
  const hosts = hostsOf(parameters.get('host') ?? authority);
  const [user = '', password] = credentials.split(/:(.*)/s).map(decoded);
  const database = decoded(path);
  const name = `the store postgres://${hosts.map(({ host, port }) => `${host}:${port}`).join()}/${database}`;
  if (user === '') refuse('names no user: postgres://user@host/database');
  if (database === '') refuse('names no database: postgres://user@host/database');
  return {
    name,
    hosts,
    user,
    password: password || apart,
    database,
    ssl: sslOf(
      parameters.get('sslmode') ?? undefined,
      {
        ca: tls.ca ?? parameters.get('sslrootcert') ?? undefined,
        cert: tls.cert ?? parameters.get('sslcert') ?? undefined,
        key: tls.key ?? parameters.get('sslkey') ?? undefined,
      },
      hosts.every(({ host }) => isLocal(host)),
    ),
    applicationName: parameters.get('application_name') ?? 'usher',
  };
}

/** The password of a URL as it stands there; `undefined` where it has none. */
export function passwordIn(url: string): string | undefined {
  const [, password] = (form.exec(url)?.[1] ?? '').split(/:(.*)/s);
  return password || undefined;
}

const unreadable = 'is no URL of PostgreSQL: postgres://user@host:5432/database';

function hostsOf(list: string): PostgresPlace['hosts'] {
  return list.split(',').map((text) => {
    const [, host = '', port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d+))?$/.exec(text) ?? refuse(unreadable);
    const plain = decoded(host.replace(/^\[(.*)\]$/, '$1'));
    if (plain === '') refuse('names no host: postgres://user@host/database');
    if (Number(port ?? defaultPort) > 65_535) refuse(`has the port ${port}`);
    return { host: plain, port: Number(port ?? defaultPort) };
  });
}

/** What is neither encrypted nor checked would be a way around TLS, so there are two modes, and no third. */
function sslOf(mode: string | undefined, tls: PostgresTls, isLocal: boolean): ConnectionOptions | false {
  const names = tls.ca !== undefined || tls.cert !== undefined || tls.key !== undefined;
  const chosen = mode ?? (isLocal && !names ? 'disable' : 'verify-full');
  if (chosen === 'disable') return names ? refuse('names certificates, but has sslmode=disable') : false;
  if (chosen !== 'verify-full') {
    return refuse(
      `has sslmode=${chosen}: it must be verify-full, or disable where the way to the server is safe`,
    );
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    refuse("names one of the client's certificate and key: both are needed");
  }
  return {
    ...(tls.ca !== undefined && { ca: fileOf('CA', tls.ca) }),
    ...(tls.cert !== undefined && { cert: fileOf("client's certificate", tls.cert) }),
    ...(tls.key !== undefined && { key: fileOf("client's key", tls.key) }),
  };
}

function fileOf(what: string, path: string): string {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    refuse(`names a ${what} that cannot be read: ${messageOf(thrown)}`);
  }
  return text.includes('-----BEGIN ') ? text : refuse(`names a ${what} that is no PEM file: ${path}`);
}

function isLocal(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('has a % that begins no escape: write it as %25');
  }
}

function refuse(reason: string): never {
  throw new UsherError('USHER_CONFIG_INVALID', `the URL of the store ${reason}`);
}
