import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { PostgresServer } from '../postgres/postgres-server.ts';

/** Where the store of a run is. */
export interface Ground {
  /** Of the server of PostgreSQL; `undefined`: it is a file. */
  readonly port: number | undefined;
  /** What to write into a config, for who goes by this port. */
  place(port?: number): string;
  /** Whether somebody who stands still keeps the others from writing. */
  isLocked(): Promise<boolean>;
  /** The server ends at once, and leaves everything as it stands: by kill -9, or by its own immediate shutdown. */
  crash(how: 'SIGKILL' | 'immediate'): Promise<void>;
  /** Starts it again. */
  resume(): Promise<void>;
  /** The standby takes over. Resolves with its port. */
  promote(): Promise<number>;
  /** Removes what was made for it. */
  close(): Promise<void>;
}

const without = (what: string) => async (): Promise<never> => {
  throw new Error(`this store has ${what}`);
};

export function fileGround(file: string): Ground {
  return {
    port: undefined,
    place: () => file,
    isLocked: async () => {
      const database = new DatabaseSync(file, { timeout: 0 });
      try {
        // Others may be writing: only one who stands still is in the way again and again.
        for (let tries = 0; tries < 50; tries += 1) {
          if (canWrite(database)) return false;
          await pause(10);
        }
        return true;
      } finally {
        database.close();
      }
    },
    crash: without('no server'),
    resume: without('no server'),
    promote: without('no standby'),
    close: async () => {},
  };
}

/** A database that somebody else has made, and removes. */
export function databaseGround(url: string): Ground {
  return {
    port: Number(new URL(url).port),
    place: (port) => (port === undefined ? url : url.replace(/:\d+\//, `:${port}/`)),
    isLocked: async () => false,
    crash: without('a server that is not its own'),
    resume: without('a server that is not its own'),
    promote: without('no standby'),
    close: async () => {},
  };
}

let made = 0;

/** A new database on a server that is there for this alone; it may be crashed. */
export async function serverGround(server: PostgresServer): Promise<Ground> {
  made += 1;
  const name = `fleet_${made}`;
  await server.sql(`create database ${name}`);
  return {
    ...databaseGround(server.url(name)),
    crash: async (how) => (how === 'SIGKILL' ? server.kill() : server.stop('immediate')),
    resume: () => resumed(server),
    close: () => server.sql(`drop database ${name} with (force)`),
  };
}

/** A server with a synchronous standby. */
export async function replicatedGround(): Promise<Ground> {
  const server = await PostgresServer.start();
  const standby = await server.standby('second');
  await server.sql("alter system set synchronous_standby_names = 'second'");
  await server.sql('select pg_reload_conf()');
  return {
    ...databaseGround(server.url()),
    crash: async () => server.kill(),
    promote: async () => {
      await standby.promote();
      return standby.port;
    },
    close: async () => {
      await standby.remove();
      await server.remove();
    },
  };
}

/** After a kill -9 the processes it has begun may be there for a moment, and as long it does not start. */
async function resumed(server: PostgresServer): Promise<void> {
  for (let left = 50; ; left -= 1) {
    try {
      return await server.resume();
    } catch (thrown) {
      if (left === 0) throw thrown;
      await pause(100);
    }
  }
}

function canWrite(database: DatabaseSync): boolean {
  try {
    database.exec('begin immediate; rollback');
    return true;
  } catch {
    return false;
  }
}
