import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExperimentFacts } from '../../bot/experiment/arm-tag.ts';
import { experimentsIn } from '../../config.ts';
import { exitCodes, messageOf, UsherError } from '../../errors.ts';
import { loggedDecisions } from '../../experiment/logged-decisions.ts';
import { type ChatRecord, recordsOf } from '../../experiment/records.ts';
import type { Estimate } from '../../model/estimate.ts';
import type { Policy } from '../../model/experiment.ts';
import { figure, span, whole } from '../../model/experiment-figures.ts';
import { evaluatePolicy } from '../../statistics/off-policy.ts';
import { recordedChats } from '../../testing/replay/recorded-chats.ts';
import { loadConfig } from '../load-config.ts';
import { readRecordings } from '../read-recordings.ts';
import { dim } from '../show/colours.ts';
import { chosen, withRecords } from './opened.ts';

export interface EvaluateFlags {
  readonly config: string;
  readonly policy: string;
  readonly recording?: readonly string[];
  readonly json: boolean;
}

/** `usher experiment evaluate`: what another policy would have brought, from what was recorded. */
export async function evaluate(key: string, flags: EvaluateFlags): Promise<void> {
  const policy = await policyIn(flags.policy);
  if (flags.recording === undefined) {
    return withRecords(flags.config, key, async ([experiment], store) => {
      if (experiment !== undefined) tell(experiment, (await recordsOf(store, key)).chats, policy, flags);
    });
  }
  const { agents, services, dialect } = await loadConfig(flags.config);
  const [experiment] = chosen(experimentsIn(agents), key, flags.config);
  const recording = readRecordings(flags.recording);
  const agent = agents.find(({ username }) => username === recording.header.agent.username) ?? agents[0];
  const chats = await recordedChats(recording, key, { bots: agent?.bots ?? [], services, dialect });
  if (experiment !== undefined) tell(experiment, chats, policy, flags);
}

function tell(
  experiment: ExperimentFacts,
  chats: readonly ChatRecord[],
  policy: Policy,
  { json }: EvaluateFlags,
): void {
  const { log, left } = loggedDecisions(experiment, chats, policy);
  if (log.length < 2) {
    const why = left > 0 ? `: of ${left} nobody knows with which chance they got their arm` : '';
    const few = log.length === 0 ? 'no chats' : 'only one chat';
    throw new UsherError('USHER_USAGE', `experiment ${experiment.key} has ${few} to go by${why}`);
  }
  const value = evaluatePolicy(log, 0.95);
  const seen = log.reduce((sum, { reward }) => sum + reward, 0) / log.length;
  const metric = experiment.goal ?? experiment.metrics[0];
  const kind = metric?.kind ?? 'mean';
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ metric: metric?.name, chats: log.length, seen, ...value }, null, 2)}\n`,
    );
  } else {
    const shown = (one: number): string => figure(kind, one);
    const line = (name: string, { value: middle, low, high }: Estimate): string =>
      `  ${name.padEnd(20)} ${shown(middle).padStart(9)}  ${span(low, high, shown)}`;
    const lines = [
      `${metric?.name} under the new policy, from ${whole(log.length)} chats (worth ${whole(value.effectiveN)}); it was ${shown(seen)}`,
      line('doubly robust', value.doublyRobust),
      line('self-normalised', value.snips),
      line('inverse propensity', value.ips),
      ...(left > 0
        ? [dim(`${left} chats are left out: nobody knows with which chance they got their arm`)]
        : []),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  process.exitCode = exitCodes.ok;
}

async function policyIn(file: string): Promise<Policy> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
    if (typeof module.default === 'function') return module.default as Policy;
  } catch (thrown) {
    throw new UsherError('USHER_USAGE', `${file} cannot be loaded: ${messageOf(thrown)}`, { cause: thrown });
  }
  throw new UsherError('USHER_USAGE', `${file} exports no function of the features as its default`);
}
