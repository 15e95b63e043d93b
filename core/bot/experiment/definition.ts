import { z } from 'zod';
import { UsherError } from '../../errors.ts';
import type { Features } from '../../model/experiment.ts';
import type { Interaction } from '../../ports.ts';
import { guard, metric } from './metric.ts';

const share = z.number().min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1');

const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], 'must be a date, such as 2026-12-01')
  .transform((text) => Date.parse(text));

const fromChat = <Value>(returns: string) =>
  z.custom<(interaction: Interaction) => Value>((value) => typeof value === 'function', {
    error: `must be a function of the interaction that returns ${returns}`,
  });

/** In the order in which they come. */
const exposures = ['began', 'joined', 'asked', 'hand-off'] as const;

/**
 * When an arm first matters to a chat, which counts from then on: when it was offered (`began`), when the agent has
 * `joined`, when the customer has `asked` something, or when a `hand-off` was begun.
 */
export type Exposure = (typeof exposures)[number];

const arms = z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'names must be kebab-case'), z.unknown());

const definition = z
  .strictObject({
    key: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be kebab-case, such as warm-greeting'),
    arms: arms.refine((all) => Object.keys(all).length >= 2, 'needs two arms at least'),
    weights: z.record(z.string(), z.number().positive('must be above 0')).default({}),
    salt: z.string().min(1).optional(),
    unit: fromChat<string | undefined>('a text').optional(),
    eligible: fromChat<boolean>('true or false').optional(),
    holdout: share.default(0),
    layer: z
      .strictObject({ name: z.string().min(1), from: share, to: share })
      .refine(({ from, to }) => from < to, '`from` must be below `to`')
      .optional(),
    ramp: z
      .array(z.strictObject({ from: moment, share }))
      .min(1)
      .refine(
        (steps) =>
          steps.every(
            ({ from, share: now }, at) =>
              at === 0 || (from > (steps[at - 1]?.from ?? 0) && now >= (steps[at - 1]?.share ?? 0)),
          ),
        'must go on in time and never down: who is in stays in',
      )
      .optional(),
    enabled: z.boolean().default(true),
    exposure: z.enum(exposures).default('joined'),
    metrics: z
      .array(metric)
      .min(1, 'is empty: name at least one, the primary one first')
      .prefault(['answered']),
    guards: z.array(guard).default([]),
    plan: z
      .strictObject({
        units: z.number().int().min(60, 'must be 60 at least'),
        alpha: z.number().gt(0).lt(0.5).default(0.05),
        test: z.enum(['sequential', 'fixed']).default('sequential'),
      })
      .prefault({ units: 2_000 }),
    bandit: z
      .strictObject({
        metric: z.string().optional(),
        floor: z.number().positive().max(0.5).default(0.05),
        updateEvery: z.number().positive().default(60_000),
      })
      .optional(),
    features: fromChat<Features>('plain values by name').optional(),
  })
  .superRefine(({ key, arms: all, weights, metrics, guards, bandit, plan }, context) => {
    const fault = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const arm of Object.keys(weights))
      if (!Object.hasOwn(all, arm))
        fault(['weights', arm], `is no arm; there are ${Object.keys(all).join(', ')}`);
    if (Object.hasOwn(all, 'holdout'))
      fault(['arms', 'holdout'], 'is the name of those who get no experiment');
    const names = [...metrics, ...guards.map((one) => one.metric)].map(({ name }) => name);
    const twice = metrics.map(({ name }) => name).find((name, at, list) => list.indexOf(name) !== at);
    if (twice !== undefined) fault(['metrics'], `names ${twice} twice`);
    if (bandit !== undefined) {
      const goal =
        bandit.metric === undefined ? metrics[0] : metrics.find(({ name }) => name === bandit.metric);
      if (goal?.kind !== 'proportion')
        fault(
          ['bandit', 'metric'],
          `must be one of the metrics, and a proportion; there are ${names.join(', ')}`,
        );
      if (bandit.floor * Object.keys(all).length >= 1) fault(['bandit', 'floor'], 'leaves nothing to choose');
      if (plan.test === 'fixed')
        fault(['plan', 'test'], `a bandit has no fixed end: ${key} learns as it goes`);
    }
  });

export type Checked = z.output<typeof definition>;

/** @throws UsherError USHER_EXPERIMENT_INVALID with every fault by its path. */
export function checked(written: { readonly key?: unknown }): Checked {
  const result = definition.safeParse(written);
  if (result.success) return result.data;
  const where = `experiment ${typeof written.key === 'string' ? written.key : JSON.stringify(written.key)}`;
  const faults = result.error.issues
    .flatMap(inner)
    .map(({ path, message }) => `${where}: ${path.join('.')}: ${message}`);
  throw new UsherError('USHER_EXPERIMENT_INVALID', faults.join('\n'));
}

/** What is wrong with the last of several shapes, which is the one with members of its own. */
function inner(issue: z.core.$ZodIssue): readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[] {
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
  const last = issue.errors.at(-1) ?? [];
  return last.map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}
