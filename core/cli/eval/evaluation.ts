import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsherError } from '../../errors.ts';
import { readDocuments } from '../../testing/scenarios/read-documents.ts';

const pattern = z
  .string()
  .min(1)
  .transform((text, context) => {
    const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
    if (source === undefined) return text;
    try {
      return new RegExp(source, flags);
    } catch {
      context.addIssue(`is no pattern: ${text}`);
      return z.NEVER;
    }
  });

const customer = z.strictObject({
  /** What the customer is after: names the row. */
  name: z.string().min(1),
  userData: z.record(z.string(), z.string()).default({}),
  /** What the customer says, each line once the one before was answered. */
  says: z
    .array(
      z.strictObject({
        text: z.string().min(1),
        /** What must be in the answer: a text, or a pattern between slashes. Default: anything. */
        expect: pattern.optional(),
      }),
    )
    .min(1),
  /** How it should end: with the bot alone, or with a human. Default: 'contained'. */
  goal: z.enum(['contained', 'handed-off']).default('contained'),
  /** How often the customer comes. Default: 1. */
  times: z.number().int().positive().default(1),
});

const evaluation = z.strictObject({
  /** Whether the bots greet: customers wait for it then. Default: true. */
  greeting: z.boolean().default(true),
  /** Seconds that a customer waits for an answer. Default: 30. */
  patience: z.number().positive().default(30),
  customers: z.array(customer).min(1, 'is empty: describe at least one customer'),
});

export type EvaluatedCustomer = z.output<typeof customer> & {
  readonly greeting: boolean;
  readonly patience: number;
};

/**
 * The customers of evaluation files, each as often as it comes.
 *
 * @throws UsherError USHER_EVALUATION_BROKEN with every fault by file, line and field.
 */
export function readEvaluations(files: readonly string[]): readonly EvaluatedCustomer[] {
  const faults: string[] = [];
  const customers: EvaluatedCustomer[] = [];
  for (const file of files) {
    if (!existsSync(file)) {
      faults.push(`${file} does not exist`);
      continue;
    }
    const read = readDocuments(file, readFileSync(file, 'utf8'), evaluation);
    faults.push(...read.faults);
    for (const { data } of read.documents) {
      const { greeting, patience, customers: described } = data;
      for (const one of described)
        customers.push(...Array.from({ length: one.times }, () => ({ ...one, greeting, patience })));
    }
  }
  if (faults.length > 0) throw new UsherError('USHER_EVALUATION_BROKEN', faults.join('\n'));
  return customers;
}
