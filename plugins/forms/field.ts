import { z } from 'zod';

const template = z.string().trim().min(1, 'must not be empty');

/** One thing that a customer is asked for. */
export const field = z.strictObject({
  /** The key in the user data. */
  key: z.string().min(1),
  /** The question: a template over user data and agent. */
  ask: template,
  /** What the answer must be. Default: any text. */
  kind: z.enum(['text', 'number', 'email', 'choice']).default('text'),
  /** For `choice`: what may be chosen, by its words or its number. */
  choices: z.array(z.string().min(1)).default([]),
  /** For `number`: the smallest and the largest. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** What is said to an answer that does not fit. */
  invalid: template,
});

export type Field = z.output<typeof field>;

/** The value that an answer stands for; `undefined` if it does not fit. */
export function valueIn({ kind, choices, from, to }: Field, answer: string): string | undefined {
  const text = answer.trim();
  switch (kind) {
    case 'text':
      return text === '' ? undefined : text;
    case 'email':
      return z.email().safeParse(text).data;
    case 'number': {
      const value = Number(text.replace(',', '.'));
      const fits =
        text !== '' && Number.isFinite(value) && value >= (from ?? value) && value <= (to ?? value);
      return fits ? String(value) : undefined;
    }
    case 'choice':
      return (
        choices[Number(text) - 1] ??
        choices.find((choice) => choice.toLowerCase() === text.toLowerCase().replace(/[.!]$/, ''))
      );
  }
}
