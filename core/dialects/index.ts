import type { z } from 'zod';
import type { Dialect } from './dialect.ts';
import { gws850, gws850Options } from './gws-8.5.0.ts';

/** The dialects by name, each with the schema of its options. */
export const dialects = {
  'gws-8.5.0': { options: gws850Options, create: gws850 },
} as const satisfies Record<string, { options: z.ZodType; create: (options: never) => Dialect }>;

export type DialectName = keyof typeof dialects;

export const dialectNames = Object.keys(dialects) as DialectName[];
