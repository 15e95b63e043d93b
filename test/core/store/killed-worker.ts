import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Store } from 'usher-bots';
import { onTestFinished } from 'vitest';

/** The chats of which a worker commits a step at once. */
export const chats = [1, 2, 3, 4, 5].map((chat) => `chat-${chat}`);

/** A worker in a process of its own, on the store of a path or a URL, with the steps it has been acknowledged. */
export function startedWorker(store: string, agent: string) {
  const script = new URL('./commit-loop.ts', import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [script, store, agent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const steps = (): string[] => output.split('\n').slice(0, -1);
  return {
    steps,
    die: async (): Promise<void> => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** What the dead left behind, seen by who takes their agent over. */
export async function takenOver(store: Store, agent: string) {
  for (const { incarnation, name } of (await store.census()).workers) {
    if (name !== 'survivor') await store.expire(incarnation);
  }
  const lease = await store.join({ name: 'heir', capacity: 1, ttlMs: 600_000 });
  const [claim] = await store.claim(lease, 1, [agent]);
  await store.leave(lease);
  return claim?.interactions.map(({ id, version, state }) => ({
    id,
    version,
    step: (state as { step: number }).step,
  }));
}
