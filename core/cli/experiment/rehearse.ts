import { hash } from 'node:crypto';
import { defer, filter, firstValueFrom, from, lastValueFrom, mergeMap, repeat, scan, tap } from 'rxjs';
import type { CustomerScript } from '../../../simulator/index.ts';
import type { ExperimentFacts } from '../../bot/experiment/arm-tag.ts';
import { type Config, experimentsIn } from '../../config.ts';
import { exitCodes, UsherError } from '../../errors.ts';
import { fraction, pseudonym } from '../../experiment/hashing.ts';
import { Host } from '../../host.ts';
import type { ExperimentReport } from '../../model/experiment-report.ts';
import { silentLog } from '../../session/silent-log.ts';
import { startEmbedded } from '../demo/embedded-simulator.ts';
import { loadConfig } from '../load-config.ts';
import { dim, green, red } from '../show/colours.ts';
import { chosen } from './opened.ts';
import { reportText } from './report-text.ts';

export interface RehearseFlags {
  readonly config: string;
  readonly bot?: string;
  /** The share of customers that each arm brings to write. */
  readonly truth: Readonly<Record<string, number>>;
  readonly customers: number;
  readonly seed: string;
  readonly json: boolean;
}

/** Chats at a time. */
const atOnce = 40;

/**
 * `usher experiment rehearse`: plays an experiment on the embedded simulator, over real sockets, with customers of whom
 * it is known how they take each arm; exit 1 if the report does not find the arm that is the best.
 */
export async function rehearse(key: string, flags: RehearseFlags): Promise<void> {
  const written = await loadConfig(flags.config, flags.bot === undefined ? {} : { USHER_BOT: flags.bot });
  const [experiment] = chosen(experimentsIn(written.agents), key, flags.config);
  if (experiment === undefined) return;
  checkTruth(experiment, flags.truth);
  const report = await play(written, experiment, flags);
  const primary = report.metrics.find(({ name }) => name === 'engaged');
  const best = bestOf(flags.truth);
  const found =
    primary?.differences.filter(({ verdict }) => verdict === 'higher').map(({ arm }) => arm) ?? [];
  const isRight = best === experiment.control ? found.length === 0 : found.includes(best);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ truth: flags.truth, isRight, report }, null, 2)}\n`);
  } else {
    const truth = Object.entries(flags.truth).map(([arm, share]) => `${arm} ${Math.round(100 * share)} %`);
    const verdict = isRight ? green('the report is right') : red('the report did not find it');
    process.stdout.write(
      `${reportText(report)}\n\nthe truth: ${truth.join(', ')} of the customers write; the best arm is ${best}: ${verdict}\n`,
    );
  }
  process.exitCode = isRight ? exitCodes.ok : exitCodes.failed;
}

async function play(
  written: Config,
  experiment: ExperimentFacts,
  { truth, customers, seed, json }: RehearseFlags,
): Promise<ExperimentReport> {
  // Nothing of a rehearsal gets into the records of what happened.
  const alone: Config = { ...written, origin: undefined, stores: [], flags: undefined, plugins: [] };
  const { simulator, config } = await startEmbedded(alone, 0, atOnce);
  const host = new Host(config, silentLog);
  try {
    const failed = await host.start();
    if (failed[0] !== undefined) throw failed[0].error;
    const arms = new Map<string, string>();
    host.journal$.subscribe((entry) => {
      if (entry.kind === 'assigned') arms.set(entry.unit, entry.arm);
    });
    const names = Array.from({ length: customers }, (_, nth) => `${seed}-${nth}`);
    const isShown = process.stderr.isTTY && !json;
    await lastValueFrom(
      from(names).pipe(
        mergeMap(
          (name) => simulator.arrive(scriptOf(name, (unit) => truth[arms.get(unit) ?? ''] ?? 0)).done,
          atOnce,
        ),
        scan((count) => count + 1, 0),
        tap((count) => isShown && process.stderr.write(`\r${count} of ${customers} customers`)),
      ),
    );
    if (isShown) process.stderr.write('\r\u001b[K');
    if (!json)
      process.stdout.write(dim(`${customers} simulated customers have been served over real sockets\n\n`));
    return await settled(host, experiment.key);
  } finally {
    await host.stop();
    await simulator.close();
  }
}

/** The report, once the last chat is over and written down. */
function settled({ experiments }: Host, key: string): Promise<ExperimentReport> {
  return firstValueFrom(
    defer(async () => experiments?.report(key)).pipe(
      repeat({ delay: 50 }),
      filter((report) => report !== undefined),
      filter(({ arms }) => arms.every(({ chats, ended }) => chats === ended)),
    ),
  );
}

/** Waits for a greeting, and then writes, or goes. */
function scriptOf(name: string, shareOf: (unit: string) => number): CustomerScript {
  const question: CustomerScript['steps'] = [
    { say: 'What are your opening hours?' },
    { expect: /./, within: 5_000 },
    { leave: true },
  ];
  return {
    firstName: 'Mia',
    lastName: name,
    userData: { ContactId: name },
    steps: [
      { expect: /./ },
      { choose: () => (fraction('writes', hash('sha256', name)) < shareOf(pseudonym(name)) ? question : []) },
      { leave: true },
    ],
  };
}

function bestOf(truth: Readonly<Record<string, number>>): string {
  return Object.entries(truth).reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

function checkTruth({ key, arms, metrics }: ExperimentFacts, truth: Readonly<Record<string, number>>): void {
  const strange = Object.keys(truth).find((arm) => !arms.includes(arm));
  const missing = arms.find((arm) => truth[arm] === undefined);
  const fault =
    strange !== undefined
      ? `--truth names ${strange}; the arms of ${key} are ${arms.join(', ')}`
      : missing !== undefined
        ? `--truth needs a share for ${missing}, as in --truth ${arms.map((arm) => `${arm}=0.5`).join(',')}`
        : new Set(Object.values(truth)).size === 1
          ? '--truth has no best arm: there is nothing to find where all shares are equal'
          : metrics.some(({ name }) => name === 'engaged')
            ? undefined
            : `the customers of a rehearsal write or do not: ${key} needs the metric engaged`;
  if (fault !== undefined) throw new UsherError('USHER_USAGE', fault);
}
