import type { z } from 'zod';
import type { Dialect } from './dialect.ts';
import { gws850, gws850Options } from './gws-8.5.0.ts';
import { gws851, gws851Options } from './gws-8.5.1.ts';
import { gws852, gws852Options } from './gws-8.5.2.ts';

/** The dialects by name, each with the schema of its options. */
export const dialects = {
  'gws-8.5.0': { options: gws850Options, create: gws850 },
  'gws-8.5.1': { options: gws851Options, create: gws851 },
  'gws-8.5.2': { options: gws852Options, create: gws852 },
} as const satisfies Record<string, { options: z.ZodType; create: (options: never) => Dialect }>;

export type DialectName = keyof typeof dialects;

export const dialectNames = Object.keys(dialects) as DialectName[];
