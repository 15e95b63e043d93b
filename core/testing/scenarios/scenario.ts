import { z } from 'zod';
import { operationNames } from '../../model/operation.ts';
import { milliseconds } from '../duration.ts';
import { type Fault, faultKinds } from '../server/faults.ts';

const text = z.string().min(1);

const duration = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m|h)$/, 'write 300ms, 5s or 2m')])
  .transform(milliseconds)
  .meta({ description: 'A time: 300ms, 5s, 2m; a number is milliseconds.' });

const target = z
  .union([
    z.strictObject({ agentId: text }),
    z.strictObject({ skill: text }),
    z.strictObject({ queue: text }),
    z.literal(true),
  ])
  .meta({ description: 'Whom: an agent by GWS user id, a skill or a queue; true: whoever.' });

const fault = z.enum(Object.keys(faultKinds) as [Fault, ...Fault[]]);
const faults = z.union([fault.transform((one) => [one]), z.array(fault).min(1)]);

const within = duration.optional().meta({ description: 'How long it may take. Default: 10s.' });

const expectations = [
  z.strictObject({
    say: z
      .union([text, z.literal(true)])
      .meta({ description: 'The next thing said: /a pattern/i, or the whole text.' }),
    within,
  }),
  z.strictObject({ typing: z.boolean(), within }),
  z.strictObject({ silence: duration }),
  z.strictObject({ accept: z.literal(true), within }),
  z.strictObject({ reject: z.literal(true), within }),
  z.strictObject({ transfer: target, within }),
  z.strictObject({ consult: target, within }),
  z.strictObject({ leave: z.literal(true), within }),
  z.strictObject({
    do: z.enum(operationNames as [string, ...string[]]),
    with: z.record(z.string(), z.unknown()).optional(),
    within,
  }),
] as const;

const kinds = z.enum(['inbound', 'consultation', 'transfer', 'conference']);

const step = z.union([
  z.literal('invite'),
  z.strictObject({
    invite: z.strictObject({
      kind: kinds.optional(),
      saying: z.union([text.transform((one) => [one]), z.array(text)]).optional(),
    }),
  }),
  z.strictObject({
    customer: z.union([
      z.enum(['leaves', 'types', 'stops typing']),
      z.strictObject({ says: z.union([text.transform((one) => [one]), z.array(text).min(1)]) }),
      z.strictObject({ types: z.boolean() }),
      text,
    ]),
  }),
  z.strictObject({
    colleague: z.union([
      z.enum(['accepts', 'refuses', 'leaves']),
      z.strictObject({ says: text, toAgents: z.boolean().default(false) }),
    ]),
  }),
  z.strictObject({ wait: duration }),
  z.strictObject({
    fault: z.union([
      z.strictObject({ begin: faults }),
      z.strictObject({ end: z.union([z.literal('all').transform(() => []), faults]) }),
    ]),
  }),
  z.strictObject({ expect: z.union(expectations) }),
]);

/** What a scenario file holds: a customer, what happens step by step, and what is expected of the bots in between. */
export const scenarioSchema = z.strictObject({
  name: text.meta({ description: 'What the scenario shows.' }),
  agent: text
    .optional()
    .meta({ description: 'Whose bots of the config. Default: those of its first agent.' }),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'What the clock says at the beginning. Default: the beginning of 1970.' }),
  customer: z
    .strictObject({
      name: text.default('Mia'),
      userData: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
    })
    .prefault({}),
  problems: z
    .array(text)
    .default([])
    .meta({ description: 'Codes of the problems that the plugins may cause; any other one is a failure.' }),
  steps: z.array(step).min(1),
});

export type Scenario = z.output<typeof scenarioSchema>;
export type Step = Scenario['steps'][number];
export type Expectation = z.output<(typeof expectations)[number]>;

/** For editors: completion, and faults while one writes. */
export function scenarioJsonSchema(): object {
  return {
    ...z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' }),
    title: 'A scenario for usher test',
  };
}
