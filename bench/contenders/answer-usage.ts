import { setTimeout } from 'node:timers/promises';
import type { FromContender, ToContender } from '../protocol.ts';

/** A contender's side of the conversation with the conductor. */
export function tellConductor(message: FromContender): void {
  process.send?.(message);
}

/** Answers questions about CPU and memory until the conductor ends it. */
export function answerUsage(): void {
  process.on('message', (message: ToContender) => {
    if (message.ask === 'end') process.exit(0);
    if (message.ask === 'cpu') {
      const { user, system } = process.cpuUsage();
      return tellConductor({ told: 'cpu', cpu: user + system });
    }
    // Others ask about more: each of these collects all garbage.
    if (message.ask === 'memory') void tellMemory();
  });
}

/** Once what the last exchange left behind is gone: some of it only goes with the next turns of the loop. */
async function tellMemory(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc?.();
    await setTimeout(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  tellConductor({ told: 'memory', rss, heap: heapUsed });
}
