import type { DialectName } from '../options.ts';
import type { Dialect } from './dialect.ts';
import { gws850 } from './gws-8.5.0.ts';
import { gws851 } from './gws-8.5.1.ts';
import { gws852 } from './gws-8.5.2.ts';

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  'gws-8.5.0': gws850,
  'gws-8.5.1': gws851,
  'gws-8.5.2': gws852,
};
