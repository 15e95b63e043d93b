import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Verdict } from './play.ts';

export interface FaultRun {
  readonly dialect: string;
  readonly first: number;
  readonly runs: number;
  /** How many processes share the work. */
  readonly processes: number;
  readonly onVerdict?: (verdict: Verdict, done: number) => void;
}

/** Plays the scenarios of consecutive seeds in processes of their own, each of which plays its share one by one. */
export async function playAll({ dialect, first, runs, processes, onVerdict }: FaultRun): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const share = Math.ceil(runs / processes);
  const starts = Array.from({ length: Math.ceil(runs / share) }, (_, at) => first + at * share);
  await Promise.all(
    starts.map(async (start) => {
      const last = Math.min(start + share, first + runs) - 1;
      const program = [join(import.meta.dirname, 'run.ts'), dialect, String(start), String(last)];
      const child = spawn(process.execPath, ['--conditions=usher-source', ...program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exit = once(child, 'exit');
      let at = start;
      for await (const line of createInterface({ input: child.stdout })) {
        const verdict = JSON.parse(line) as Verdict;
        verdicts.push(verdict);
        at = verdict.seed + 1;
        onVerdict?.(verdict, verdicts.length);
      }
      const [code] = (await exit) as [number | null];
      // What ends the process ends the scenario it was in.
      if (at <= last) {
        const failures = [
          `the process ended with ${code} in this scenario; the rest of its share was not played`,
        ];
        verdicts.push({ seed: at, failures, injected: {}, chats: 0 });
      }
    }),
  );
  return verdicts.sort((a, b) => a.seed - b.seed);
}

/** How often each kind of fault struck, in all. */
export function struck(verdicts: readonly Verdict[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { injected } of verdicts) {
    for (const [kind, count] of Object.entries(injected)) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

/** The command that plays one scenario again. */
export function again(dialect: string, seed: number): string {
  return `npm run faults -- --dialect ${dialect} --seed ${seed} --runs 1`;
}
