import type { ExperimentFacts } from '../bot/experiment/arm-tag.ts';
import { messageOf, UsherError } from '../errors.ts';
import { type Features, holdoutArm, type Policy } from '../model/experiment.ts';
import type { Logged } from '../statistics/off-policy.ts';
import { isSuccess, numberOf } from './metric-values.ts';
import type { ChatRecord } from './records.ts';

/**
 * What was decided, and what it brought, for the evaluation of a policy; and how many chats are left out because nobody
 * knows with which chance they got their arm.
 *
 * @throws UsherError USHER_USAGE if the primary metric is a ratio, the policy throws, or its chances are none.
 */
export function loggedDecisions(
  { key, arms, goal, metrics }: ExperimentFacts,
  chats: readonly ChatRecord[],
  policy: Policy,
): { readonly log: readonly Logged[]; readonly left: number } {
  const metric = goal ?? metrics[0];
  if (metric?.kind === 'ratio') {
    throw new UsherError(
      'USHER_USAGE',
      `experiment ${key}: ${metric.name} is a ratio, and policies are evaluated by what one chat brings: put another metric first`,
    );
  }
  const counted = chats.filter(({ arm }) => arm !== holdoutArm);
  const log = counted.flatMap((chat): readonly Logged[] => {
    const { arm, propensity, features = {}, measures } = chat;
    const reward =
      metric === undefined
        ? undefined
        : metric.kind === 'proportion'
          ? Number(isSuccess(metric, measures))
          : numberOf(metric.measure, measures);
    if (propensity === undefined || reward === undefined) return [];
    const target = checkedChances(key, arms, policy, features);
    return [{ arm, propensity, reward, context: JSON.stringify(Object.entries(features).sort()), target }];
  });
  return { log, left: counted.length - log.length };
}

function checkedChances(
  key: string,
  arms: readonly string[],
  policy: Policy,
  features: Features,
): Readonly<Record<string, number>> {
  const wrong = (why: string): UsherError =>
    new UsherError('USHER_USAGE', `the policy for experiment ${key}, of ${JSON.stringify(features)}: ${why}`);
  let chances: Readonly<Record<string, number>>;
  try {
    chances = policy(features);
  } catch (thrown) {
    throw wrong(`threw ${messageOf(thrown)}`);
  }
  if (typeof chances !== 'object' || chances === null) {
    const even = Object.fromEntries(arms.map((arm) => [arm, 1 / arms.length]));
    throw wrong(
      `gives ${JSON.stringify(chances)}: it must give the chances of the arms, such as ${JSON.stringify(even)}`,
    );
  }
  if (chances instanceof Promise) throw wrong('gives a promise: it must not be async');
  const strange = Object.keys(chances).find((arm) => !arms.includes(arm));
  if (strange !== undefined) throw wrong(`names the arm "${strange}"; there are ${arms.join(', ')}`);
  const values = Object.values(chances);
  const sum = values.reduce((total, chance) => total + chance, 0);
  if (values.some((chance) => !(chance >= 0)) || Math.abs(sum - 1) > 1e-9)
    throw wrong(`its chances ${JSON.stringify(chances)} are not from 0 to 1 with a sum of 1`);
  return chances;
}
