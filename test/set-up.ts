import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { stopSharedServer } from './postgres/shared-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run, in which its tests tell each other what they have started. */
    readonly postgres: string;
  }
}

let folder = '';

/** The page of the console is what its sources say now, whoever built it last. */
export async function setup({ provide }: TestProject): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'usher-run-'));
  provide('postgres', folder);
  await build({ configFile: 'plugins/console/page/vite.config.ts', logLevel: 'error' });
}

export async function teardown(): Promise<void> {
  await stopSharedServer(folder);
  rmSync(folder, { recursive: true, force: true });
}
