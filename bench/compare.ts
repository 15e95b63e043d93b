import { type Measured, type Memory, measure } from './measure.ts';
import { type Contender, contenders, type Load } from './protocol.ts';

export interface Comparison {
  /** How many agent sessions each contender holds, one setting after the other. */
  readonly sessions: readonly number[];
  readonly only: readonly Contender[];
  /** The contenders take turns so often; medians are reported. */
  readonly rounds: number;
  /** Milliseconds that one load is measured. */
  readonly duration: number;
  readonly onProgress: (text: string) => void;
}

/** The medians of one contender at one setting. */
export interface Row extends Measured {
  readonly contender: Contender;
  readonly sessions: number;
  readonly load: string;
  /** Of CPU per operation: highest less lowest, by the median. */
  readonly spread: number;
}

export interface MemoryRow extends Memory {
  readonly contender: Contender;
  readonly sessions: number;
}

export interface Compared {
  readonly rows: readonly Row[];
  readonly memory: readonly MemoryRow[];
}

/** So many chats are open in all where there are few agents: a closed loop needs something to do. */
const fewestChats = 16;

function loadsFor(duration: number): readonly Load[] {
  return [
    { kind: 'closed', rate: 0, duration },
    { kind: 'paced', rate: 50, duration },
    { kind: 'paced', rate: 500, duration },
  ];
}

function nameOf({ kind, rate }: Load): string {
  return kind === 'closed' ? 'closed loop' : `${rate}/s`;
}

/** Lets the contenders take turns, so that whatever else the machine does hits them alike. */
export async function compare({
  sessions,
  only,
  rounds,
  duration,
  onProgress,
}: Comparison): Promise<Compared> {
  const rows: Row[] = [];
  const memory: MemoryRow[] = [];
  const entrants = contenders.filter((contender) => only.includes(contender));
  const loads = loadsFor(duration);
  for (const count of sessions) {
    const trials = new Map<Contender, Awaited<ReturnType<typeof measure>>[]>();
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of entrants) {
        onProgress(
          `${count} ${count === 1 ? 'session' : 'sessions'}, round ${round} of ${rounds}: ${contender}`,
        );
        const chats = Math.max(1, Math.ceil(fewestChats / count));
        const trial = await measure({ contender, sessions: count, chats, loads });
        trials.set(contender, [...(trials.get(contender) ?? []), trial]);
      }
    }
    for (const [contender, done] of trials) {
      // Of the first session, what it takes cannot be told from what the program takes.
      if (count > 1)
        memory.push({
          contender,
          sessions: count,
          rssPerSession: median(done.map((trial) => trial.memory.rssPerSession)),
          heapPerSession: median(done.map((trial) => trial.memory.heapPerSession)),
        });
      for (const [at, load] of loads.entries()) {
        const results = done.flatMap((trial) => trial.loads[at] ?? []);
        const of = (key: keyof Measured): number => median(results.map((result) => result[key]));
        const cpus = results.map(({ cpuPerOperation }) => cpuPerOperation);
        rows.push({
          contender,
          sessions: count,
          load: nameOf(load),
          operationsPerSecond: of('operationsPerSecond'),
          cpuPerOperation: of('cpuPerOperation'),
          p50: of('p50'),
          p99: of('p99'),
          spread: (Math.max(...cpus) - Math.min(...cpus)) / of('cpuPerOperation'),
        });
      }
    }
  }
  return { rows, memory };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
