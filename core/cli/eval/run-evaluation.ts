import type { CustomerStep, Simulator } from '../../../simulator/index.ts';
import type { Config } from '../../config.ts';
import { Host } from '../../host.ts';
import type { JournalEntry } from '../../model/journal-entry.ts';
import { silentLog } from '../../session/silent-log.ts';
import { colleague } from '../demo/cast.ts';
import { startEmbedded } from '../demo/embedded-simulator.ts';
import type { EvaluatedCustomer } from './evaluation.ts';
import { type Measures, measured, type Visit } from './measures.ts';

export interface EvaluationOptions {
  /** How many customers at a time. */
  readonly parallel: number;
  /** How many are done. */
  readonly onProgress: (done: number) => void;
}

/**
 * Lets customers talk to the bots of a config on a simulated server of their own, and measures.
 *
 * @throws UsherError when an agent cannot start.
 */
export async function runEvaluation(
  written: Config,
  customers: readonly EvaluatedCustomer[],
  { parallel, onProgress }: EvaluationOptions,
): Promise<Measures> {
  const { simulator, config } = await startEmbedded(written, 0, parallel);
  const journal: JournalEntry[] = [];
  try {
    const host = new Host(config, silentLog);
    host.journal$.subscribe((entry) => journal.push(entry));
    try {
      const [failed] = await host.start();
      if (failed !== undefined) throw failed.error;
      const visits = await visit(simulator, customers, parallel, onProgress);
      return measured(visits, journal);
    } finally {
      await host.stop({ within: 5_000 });
    }
  } finally {
    await simulator.close();
  }
}

async function visit(
  simulator: Simulator,
  customers: readonly EvaluatedCustomer[],
  parallel: number,
  onProgress: (done: number) => void,
): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  const waiting = [...customers.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, customer] = next;
      const firstName = customer.userData['FirstName'] ?? `Customer${at + 1}`;
      const { chatId, failure } = await simulator.arrive({
        firstName,
        userData: customer.userData,
        steps: stepsOf(customer),
      }).done;
      visits[at] = { customer, interactionId: chatId, ...(failure !== undefined && { failure }) };
      done += 1;
      onProgress(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, customers.length) }, work));
  return visits;
}

function stepsOf({ says, goal, greeting, patience }: EvaluatedCustomer): readonly CustomerStep[] {
  const within = patience * 1_000;
  const anything = /[\s\S]/;
  return [
    ...(greeting ? [{ expect: anything, within }] : []),
    ...says.flatMap(({ text, expect }, at): CustomerStep[] => {
      const isLast = at === says.length - 1;
      const answer = expect ?? (isLast && goal === 'handed-off' ? undefined : anything);
      return [{ say: text }, ...(answer === undefined ? [] : [{ expect: answer, within }])];
    }),
    // Who is asked behind the customer's back may yet not come.
    ...(goal === 'handed-off' ? [{ expect: anything, from: colleague.firstName ?? '', within }] : []),
    { leave: true },
  ];
}
