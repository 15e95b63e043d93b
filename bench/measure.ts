import { type Child, startChild } from './child.ts';
import type { Contender, FromContender, FromServer, Load, ToContender, ToServer } from './protocol.ts';

/** What one contender came to under one load. */
export interface Measured {
  readonly operationsPerSecond: number;
  /** Microseconds of the contender's CPU for each operation, notification included. */
  readonly cpuPerOperation: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface Memory {
  /** Bytes for each idle agent session after the first; not a number if there is none. */
  readonly rssPerSession: number;
  readonly heapPerSession: number;
}

export interface Trial {
  readonly contender: Contender;
  readonly sessions: number;
  /** How many chats each agent has. */
  readonly chats: number;
  readonly loads: readonly Load[];
}

/** Runs one contender against a load server of its own, under one load after the other. */
export async function measure({
  contender,
  sessions,
  chats,
  loads,
}: Trial): Promise<{ memory: Memory; loads: Measured[] }> {
  const server = startChild<ToServer, FromServer>('load-server.ts', []);
  const { url } = await server.hear('listening');
  const program = contender === 'usher' ? 'contenders/usher.ts' : 'contenders/hand-written.ts';
  // Beside one with a single session: what the program itself takes, and its code, is in both.
  const small = startChild<ToContender, FromContender>(program, [url, '1', contender]);
  await small.hear('ready');
  const alone = await memory(small);
  small.end();
  const process = startChild<ToContender, FromContender>(program, [url, String(sessions), contender]);
  try {
    await process.hear('ready');
    const connected = await memory(process);
    server.say({ ask: 'chats', perAgent: chats });
    await server.hear('chatting');
    const results: Measured[] = [];
    for (const load of loads) {
      server.say({ ask: 'load', load });
      await server.hear('measuring');
      const before = await cpu(process);
      const { operations, seconds, latencies } = await server.hear('measured');
      const after = await cpu(process);
      const sorted = [...latencies].sort((a, b) => a - b);
      results.push({
        operationsPerSecond: operations / seconds,
        cpuPerOperation: operations === 0 ? Number.NaN : (after - before) / operations,
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
      });
    }
    return {
      memory: {
        rssPerSession: (connected.rss - alone.rss) / (sessions - 1),
        heapPerSession: (connected.heap - alone.heap) / (sessions - 1),
      },
      loads: results,
    };
  } finally {
    process.end();
    server.end();
  }
}

async function cpu(child: Child<ToContender, FromContender>): Promise<number> {
  child.say({ ask: 'cpu' });
  return (await child.hear('cpu')).cpu;
}

async function memory(
  child: Child<ToContender, FromContender>,
): Promise<Extract<FromContender, { told: 'memory' }>> {
  child.say({ ask: 'memory' });
  return child.hear('memory');
}

export function quantile(sorted: readonly number[], at: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}
