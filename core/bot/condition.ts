import { z } from 'zod';
import type { Interaction } from '../ports.ts';

/**
 * The schema of a condition on an interaction, for plugin options: all that is given must hold. `userData`
 * compares values as text, with a string exactly or with a pattern.
 */
export const condition = z.strictObject({
  kind: z.array(z.enum(['inbound', 'consultation', 'transfer', 'conference'])).optional(),
  userData: z.record(z.string(), z.union([z.string(), z.instanceof(RegExp)])).optional(),
});

export type Condition = z.infer<typeof condition>;

/** Whether the interaction meets the condition now. */
export function meets(interaction: Interaction, { kind, userData = {} }: Condition): boolean {
  if (kind !== undefined && !kind.includes(interaction.kind)) return false;
  const actual = interaction.now.userData;
  return Object.entries(userData).every(([key, wanted]) => {
    const value = Object.hasOwn(actual, key) ? String(actual[key] ?? '') : undefined;
    if (value === undefined) return false;
    return typeof wanted === 'string' ? value === wanted : value.search(wanted) >= 0;
  });
}
