import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import type { FleetState } from '../../../core/model/fleet-state.ts';
import { temporaryFile } from '../../core/store/temporary-file.ts';
import { password } from '../../integration/contact-centre.ts';
import { type ConsoleWorld, consoleWorld } from './console-world.ts';

export interface FleetWorld extends ConsoleWorld {
  /** Another worker, in a process of its own. */
  join(): Promise<ChildProcess>;
}

const ttl = 30_000;

/** The console of a worker that shares its agents with others. */
export async function fleetWorld({
  agents = ['Ada', 'Bea', 'Cleo', 'Dora'],
  store = temporaryFile(),
  ...options
}: Parameters<typeof consoleWorld>[0] = {}): Promise<FleetWorld> {
  const world = await consoleWorld({ store, fleet: { ttl }, agents, ...options });
  await expect.poll(() => world.host.sessions.length, { timeout: 15_000 }).toBe(agents.length);
  return {
    ...world,
    join: async () => {
      const script = new URL('./other-worker.ts', import.meta.url).pathname;
      const args = [world.server.url, store, agents.join(), String(ttl), password];
      const worker = spawn(process.execPath, ['--conditions=usher-source', script, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void worker.kill('SIGKILL'));
      await once(worker.stdout, 'data');
      return worker;
    },
  };
}

/** How many agents each worker has. */
export function loadsOf({ workers }: FleetState): readonly number[] {
  return workers.map(({ agents }) => agents);
}
