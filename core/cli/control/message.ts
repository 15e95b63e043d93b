import { z } from 'zod';

/** What a process is asked: to stop, and how long its chats may take to end. */
export const drainRequest = z.strictObject({
  verb: z.literal('drain'),
  /** Milliseconds. Default: what the process was started with. */
  within: z.number().nonnegative().optional(),
});

export type DrainRequest = z.infer<typeof drainRequest>;

export const drainReport = z.strictObject({
  finished: z.number(),
  handedOver: z.number(),
  passedOn: z.number(),
  left: z.number(),
});

/** What it answers, a line each: how many chats are open still, and at last what became of them. */
export const drainAnswer = z.union([
  z.strictObject({ open: z.number() }),
  z.strictObject({
    report: drainReport,
  }),
  z.strictObject({ error: z.string() }),
]);

export type DrainAnswer = z.infer<typeof drainAnswer>;
