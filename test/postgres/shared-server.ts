import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PostgresServer } from './postgres-server.ts';

interface Running {
  readonly folder: string;
  readonly port: number;
}

/** The one server of a run: whichever test needs it first starts it, and the run's end stops it. */
export async function sharedServer(run: string): Promise<PostgresServer> {
  const told = join(run, 'server.json');
  if (isFirst(run)) return started(run, told);
  while (!existsSync(told)) {
    if (existsSync(join(run, 'failed')))
      throw new Error('PostgreSQL could not be started: see the first failure');
    await pause(20);
  }
  return PostgresServer.at(JSON.parse(readFileSync(told, 'utf8')) as Running);
}

async function started(run: string, told: string): Promise<PostgresServer> {
  try {
    const server = await PostgresServer.start();
    writeFileSync(`${told}.new`, JSON.stringify({ folder: server.folder, port: server.port }));
    renameSync(`${told}.new`, told);
    return server;
  } catch (thrown) {
    writeFileSync(join(run, 'failed'), '');
    throw thrown;
  }
}

export async function stopSharedServer(run: string): Promise<void> {
  const told = join(run, 'server.json');
  if (!existsSync(told)) return;
  await PostgresServer.at(JSON.parse(readFileSync(told, 'utf8')) as Running).remove();
}

function isFirst(run: string): boolean {
  try {
    mkdirSync(join(run, 'starting'));
    return true;
  } catch {
    return false;
  }
}
