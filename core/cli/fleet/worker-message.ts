import { z } from 'zod';
import { drainReport } from '../control/message.ts';

/** What a supervisor asks of its workers. */
export const supervisorMessage = z.strictObject({
  verb: z.literal('drain'),
  /** Milliseconds that open chats may take. */
  within: z.number().nonnegative(),
  /** Whether others are there who go on with the chats. */
  passOn: z.boolean(),
});

export type SupervisorMessage = z.infer<typeof supervisorMessage>;

/** What a worker tells its supervisor: that it has joined, how many chats are open, and at last what became of them. */
export const workerMessage = z.union([
  z.strictObject({ joined: z.literal(true) }),
  z.strictObject({ open: z.number() }),
  z.strictObject({ report: drainReport }),
]);

export type WorkerMessage = z.infer<typeof workerMessage>;
