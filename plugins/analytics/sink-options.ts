import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UsherError } from '../../core/index.ts';

/** A secret by the name of the variable that holds it; `NAME_FILE` may hold the path of a file instead. */
export const secret = z
  .strictObject(
    { env: z.string().min(1, 'is empty') },
    { error: "must name a variable, as in { env: 'ANALYTICS_TOKEN' }: a secret does not stand in a config" },
  )
  .transform(({ env }, context) => {
    const value = process.env[env] || fileOf(env);
    if (value) return value;
    context.addIssue({ code: 'custom', message: `${env} is not set: set ${env}, or ${env}_FILE` });
    return z.NEVER;
  });

/**
 * The options of a sink, checked.
 *
 * @throws UsherError USHER_CONFIG_INVALID with every fault by its path.
 */
export function checked<Schema extends z.ZodType>(
  sink: string,
  schema: Schema,
  options: z.input<Schema>,
): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `analytics.sink: ${sink}: ${path.map(String).join('.') || 'options'}: ${message}`,
  );
  throw new UsherError('USHER_CONFIG_INVALID', faults.join('\n'));
}

function fileOf(env: string): string | undefined {
  const path = process.env[`${env}_FILE`];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}
