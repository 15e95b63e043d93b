import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { program } from '../debian.ts';

const run = promisify(execFile);

export interface ServerOptions {
  /** Lines of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lines of pg_hba.conf. Default: whoever comes by loopback is trusted. */
  readonly access?: readonly string[];
}

/**
 * A PostgreSQL server of Debian's package, in a folder of its own below the temporary one and on a free port of the
 * loopback, with everything on the disk before it is acknowledged. It refuses to run as root, so root runs it as the
 * user `postgres`.
 */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  /** Whether one can be started here without anything being installed. */
  static get isInstalled(): boolean {
    return (newest() ?? onPath()) !== undefined;
  }

  /** A new, empty server, running. */
  static async start({ settings = {}, access = trusted }: ServerOptions = {}): Promise<PostgresServer> {
    const server = new PostgresServer(ownFolder(), await freePort());
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await server.#pg('initdb', ['-D', server.data, ...options]);
    server.configure({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: server.#folder,
      fsync: 'on',
      shared_buffers: '64MB',
      max_connections: '100',
      ...settings,
    });
    writeFileSync(join(server.data, 'pg_hba.conf'), `${access.join('\n')}\n`);
    await server.resume();
    return server;
  }

  /** One that is running already: started by another process of the same run. */
  static at({ folder, port }: { readonly folder: string; readonly port: number }): PostgresServer {
    return new PostgresServer(folder, port);
  }

  get folder(): string {
    return this.#folder;
  }

  /** Its data folder. */
  get data(): string {
    return join(this.#folder, 'data');
  }

  url(database = 'postgres', user = 'postgres'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** Later settings win; what is changed while it runs holds from its next start. */
  configure(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries({ port: String(this.port), ...settings }).map(
      ([name, value]) => `${name} = '${value}'\n`,
    );
    appendFileSync(join(this.data, 'postgresql.conf'), lines.join(''));
  }

  /** A file in its data folder, as the server wants it: for its own eyes. */
  place(name: string, text: string): void {
    const { uid, gid } = user();
    const path = join(this.data, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  }

  /** SQL by the role that may do everything, by the socket in its folder. */
  async sql(text: string): Promise<void> {
    const flags = ['-X', '-v', 'ON_ERROR_STOP=1', '-h', this.#folder, '-p', String(this.port)];
    await this.#pg('psql', [...flags, '-U', 'postgres', '-c', text]);
  }

  /** Starts it again where it was stopped. */
  async resume(): Promise<void> {
    await this.#control('start', '-l', join(this.#folder, 'log'));
  }

  /** `immediate` is a crash: nothing is written any more, and the next start recovers from the log. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await this.#control('stop', '-m', mode);
  }

  /** kill -9 of the whole server: the processes it has begun end by themselves as soon as they notice. */
  kill(): void {
    process.kill(Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
  }

  /** A second server that follows this one; with `name`, so that this one can wait for it. */
  async standby(name: string): Promise<PostgresServer> {
    const server = new PostgresServer(ownFolder(), await freePort());
    const from = `host=127.0.0.1 port=${this.port} user=postgres application_name=${name}`;
    await server.#pg('pg_basebackup', ['-R', '-X', 'stream', '-c', 'fast', '-D', server.data, '-d', from]);
    server.configure({ unix_socket_directories: server.#folder });
    await server.resume();
    return server;
  }

  /** A standby becomes a server of its own. */
  async promote(): Promise<void> {
    await this.#control('promote');
  }

  /** Stops it, if it runs, and removes everything. */
  async remove(): Promise<void> {
    if (existsSync(join(this.data, 'postmaster.pid'))) await this.stop('immediate').catch(() => {});
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The same without waiting for it: for the end of a process. */
  removeAtOnce(): void {
    if (existsSync(join(this.data, 'postmaster.pid'))) this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What it has written into its log. */
  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  async #control(action: string, ...flags: string[]): Promise<void> {
    await this.#pg('pg_ctl', ['-D', this.data, '-w', '-t', '60', action, ...flags]);
  }

  async #pg(name: string, args: readonly string[]): Promise<void> {
    const { uid, gid } = user();
    const path = join(binaries(), name);
    const options = { cwd: this.#folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } };
    await run(path, args, { ...options, ...(uid !== undefined && { uid, gid }) });
  }
}

const trusted = [
  'local all all trust',
  'host all all 127.0.0.1/32 trust',
  'host replication all 127.0.0.1/32 trust',
];

let found: string | undefined;

/** The newest version there is; it is not on the PATH, because Debian keeps several beside each other. */
function binaries(): string {
  found ??= newest() ?? onPath() ?? (program('/usr/lib/postgresql/*/bin/initdb', 'postgresql') && newest());
  if (found === undefined) throw new Error('initdb is missing: apt-get install postgresql');
  return found;
}

function newest(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

/** Where other systems have it. */
function onPath(): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' });
  return status === 0 ? dirname(realpathSync(stdout.trim())) : undefined;
}

/** Whose server it is: one's own, or that of `postgres` for root. */
function user(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const ask = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  binaries();
  return { uid: ask('-u'), gid: ask('-g') };
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-postgres-'));
  const { uid, gid } = user();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}
