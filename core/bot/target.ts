import { z } from 'zod';

/** Whom to hand a chat to, for the options of a plugin: `{ agentId }`, `{ skill }` or `{ queue }`. */
export const target = z.union(
  [
    z.strictObject({ agentId: z.string().min(1) }),
    z.strictObject({ skill: z.string().min(1) }),
    z.strictObject({ queue: z.string().min(1) }),
  ],
  { error: 'must be { agentId }, { skill } or { queue }' },
);
