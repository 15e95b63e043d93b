import { firstValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { type Operations, type Outcome, target } from '../../core/index.ts';
import type { Tool } from './brain.ts';

/** What a brain may do beside speaking. Default: nothing but to ask for a human. */
export const toolOptions = z.strictObject({
  /** Where it may transfer the chat in one step, by a name that it is told. */
  transfer: z.record(z.string(), target).default({}),
  /** Keys of the user data that it may set. */
  userData: z.array(z.string().min(1)).default([]),
  /** Codes by which it may say how the chat went. */
  disposition: z.array(z.string().min(1)).default([]),
});

export type ToolOptions = z.output<typeof toolOptions>;

interface Use {
  readonly tool: Tool;
  readonly run: (operations: Operations, given: unknown) => Observable<Outcome> | string;
}

/** The tools that are allowed, each with the check of its arguments. */
export function usesOf({ transfer, userData, disposition }: ToolOptions): readonly Use[] {
  const uses: Use[] = [];
  if (Object.keys(transfer).length > 0) {
    const schema = z.strictObject({ to: z.enum(Object.keys(transfer) as [string, ...string[]]) });
    uses.push(
      use('transfer', 'Hands the chat over to a department, for good.', schema, ({ to }, operations) =>
        operations.transfer(transfer[to] as z.output<typeof target>),
      ),
    );
  }
  if (userData.length > 0) {
    const value = z.string().trim().min(1).max(200);
    const schema = z.strictObject({ key: z.enum(userData as [string, ...string[]]), value });
    uses.push(
      use('note', 'Notes what the customer has told, for the file.', schema, (given, operations) =>
        operations.updateUserData({ [given.key]: given.value }),
      ),
    );
  }
  if (disposition.length > 0) {
    const schema = z.strictObject({ code: z.enum(disposition as [string, ...string[]]) });
    uses.push(
      use('set_disposition', 'Notes how the chat went.', schema, ({ code }, operations) =>
        operations.setDisposition(code),
      ),
    );
  }
  return uses;
}

/** Does what a tool is for, if it is allowed and its arguments fit; tells in a few words how it went. */
export async function useTool(
  uses: readonly Use[],
  operations: Operations,
  name: string,
  given: unknown,
): Promise<string> {
  const found = uses.find(({ tool }) => tool.name === name);
  if (found === undefined) return 'refused: there is no such tool';
  const run = found.run(operations, given);
  if (typeof run === 'string') return run;
  const { kind, reason } = await firstValueFrom(run);
  return kind === 'sent' ? 'done' : `not done: ${reason ?? kind}`;
}

function use<Schema extends z.ZodObject>(
  name: string,
  description: string,
  schema: Schema,
  run: (given: z.output<Schema>, operations: Operations) => Observable<Outcome>,
): Use {
  return {
    tool: { name, description, parameters: z.toJSONSchema(schema) },
    run: (operations, given) => {
      const checked = schema.safeParse(given);
      if (checked.success) return run(checked.data, operations);
      return `refused: ${checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`;
    },
  };
}
