import type { StandardSchemaV1 } from '@standard-schema/spec';
import { UsherError } from '../errors.ts';
import type {
  BotFunction,
  MessageFunction,
  OperationFunction,
  Plugin,
  PluginLimits,
  Services,
  SessionFunction,
  Token,
} from './plugin.ts';

/** What an author writes. At least one of `message`, `bot`, `operation` and `session`. */
export interface PluginDefinition<Schema extends StandardSchemaV1, Tokens extends readonly Token[]>
  extends Partial<PluginLimits> {
  /** Kebab-case; names the plugin in logs, journals and reports. */
  readonly name: string;
  /** Any Standard Schema, for instance zod's. Its output is what the functions below get. */
  readonly options?: Schema;
  /** Abstract classes of the services to be handed over after the options. Default: none. */
  readonly inject?: Tokens;
  /** For each line that the customer writes, through the lane. */
  readonly message?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => MessageFunction;
  /** For each interaction. The outer function runs once per agent session: a place for what chats share. */
  readonly bot?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => BotFunction;
  /** For each operation on its way out. */
  readonly operation?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => OperationFunction;
  /** For the agent session as a whole. */
  readonly session?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => SessionFunction;
}

/** Makes a configured plugin. The options may be left out where the schema takes an empty object. */
export type PluginFactory<Schema extends StandardSchemaV1> = (
  ...options: Record<never, never> extends StandardSchemaV1.InferInput<Schema>
    ? [options?: StandardSchemaV1.InferInput<Schema>]
    : [options: StandardSchemaV1.InferInput<Schema>]
) => Plugin;

type NoOptions = StandardSchemaV1<Record<never, never>, Record<never, never>>;

/**
 * Defines a plugin. The result is called with options to make what a bot lists.
 *
 * @throws UsherError USHER_PLUGIN_OPTIONS when the options do not fit the schema.
 * @example
 * export const welcome = definePlugin({
 *   name: 'welcome',
 *   options: z.object({ text: z.string().min(1) }),
 *   bot: ({ text }) => (interaction, { operations }) =>
 *     whenState(interaction, 'Chatting').pipe(concatMap(() => operations.sendMessage(text))),
 * });
 */
export function definePlugin<
  Schema extends StandardSchemaV1 = NoOptions,
  const Tokens extends readonly Token[] = [],
>(definition: PluginDefinition<Schema, Tokens>): PluginFactory<Schema> {
  const { name, inject } = definition;
  return (...[given]) => {
    const options = validate(name, definition.options, given ?? {});
    return {
      kind: 'plugin',
      name,
      limits: limitsOf(definition),
      inject: inject ?? [],
      create: (...resolved) => {
        const services = resolved as Services<Tokens>;
        return {
          ...(definition.message && { message: definition.message(options, ...services) }),
          ...(definition.bot && { bot: definition.bot(options, ...services) }),
          ...(definition.operation && { operation: definition.operation(options, ...services) }),
          ...(definition.session && { session: definition.session(options, ...services) }),
        };
      },
    };
  };
}

/** The limits that a definition sets, and the usual ones. */
export function limitsOf({
  lane = 'serial',
  budget = 30_000,
  holdBudget = 60_000,
  operationsPerSecond = 50,
  quarantine = {},
}: Partial<PluginLimits>): PluginLimits {
  return { lane, budget, holdBudget, operationsPerSecond, quarantine };
}

function validate<Schema extends StandardSchemaV1>(
  plugin: string,
  schema: Schema | undefined,
  given: unknown,
): StandardSchemaV1.InferOutput<Schema> {
  if (schema === undefined) return given as StandardSchemaV1.InferOutput<Schema>;
  const result = schema['~standard'].validate(given);
  if (result instanceof Promise) {
    throw new UsherError(
      'USHER_PLUGIN_OPTIONS',
      `plugin ${plugin}: the schema of its options is asynchronous`,
    );
  }
  if (result.issues === undefined) return result.value as StandardSchemaV1.InferOutput<Schema>;
  const issues = result.issues.map(({ path, message }) => `${pathText(path)}: ${message}`);
  throw new UsherError('USHER_PLUGIN_OPTIONS', `plugin ${plugin}: ${issues.join('; ')}`);
}

function pathText(path: StandardSchemaV1.Issue['path']): string {
  const keys = (path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  return keys.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    'options',
  );
}
