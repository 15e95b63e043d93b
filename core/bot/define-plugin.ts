import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ObservableInput } from 'rxjs';
import { UsherError } from '../errors.ts';
import type { Interaction } from '../ports.ts';
import { initialState } from './chat-state.ts';
import type { HostFunction } from './host-plugin.ts';
import type { Lane } from './lane.ts';
import { limitsOf } from './limits.ts';
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

/** A value, or what the options make of it. */
type Chosen<Value, Options> = Value | ((options: Options) => Value);

/** What an author writes. At least one of `message`, `bot`, `operation`, `session` and `host`. */
export interface PluginDefinition<
  Schema extends StandardSchemaV1,
  Tokens extends readonly Token[],
  StateSchema extends StandardSchemaV1<unknown, object> = NoState,
> extends Partial<Omit<PluginLimits, 'lane' | 'budget'>> {
  /** Kebab-case; names the plugin in logs, journals and reports. */
  readonly name: string;
  /** Any Standard Schema, for instance zod's. Its output is what the functions below get. */
  readonly options?: Schema;
  /** Abstract classes of the services to be handed over after the options. Default: none. */
  readonly inject?: Tokens;
  /**
   * What the plugin keeps of each chat, as `state` of the context: any Standard Schema of plain JSON that takes an empty
   * object. It outlives the process where a store is configured. Default: nothing.
   */
  readonly state?: StateSchema;
  /** For each line that the customer writes, through the lane. */
  readonly message?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => MessageFunction<StandardSchemaV1.InferOutput<StateSchema>>;
  /** How lines come to `message`. Default: 'serial'. */
  readonly lane?: Chosen<Lane, StandardSchemaV1.InferOutput<Schema>>;
  /** Milliseconds for one call of `message`, without the time its operations take. Default: 30,000. */
  readonly budget?: Chosen<number, StandardSchemaV1.InferOutput<Schema>>;
  /** Whether `message` is called for lines from before the agent's part in the chat, too. Default: false. */
  readonly history?: Chosen<boolean, StandardSchemaV1.InferOutput<Schema>>;
  /**
   * From the first thing that this emits on, `message` is called no more in the chat, and a call that is under way is
   * stopped. If it fails, the same. Default: the end of the interaction.
   *
   * @example until: colleagueSpeaks
   */
  readonly until?: (interaction: Interaction) => ObservableInput<unknown>;
  /** For each interaction. The outer function runs once per agent session: a place for what chats share. */
  readonly bot?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => BotFunction<StandardSchemaV1.InferOutput<StateSchema>>;
  /** For each operation on its way out. */
  readonly operation?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => OperationFunction<StandardSchemaV1.InferOutput<StateSchema>>;
  /** For the agent session as a whole. */
  readonly session?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => SessionFunction;
  /** For the process as a whole: such a plugin stands under `plugins` of the config, not in a bot. */
  readonly host?: (
    options: StandardSchemaV1.InferOutput<Schema>,
    ...services: Services<Tokens>
  ) => HostFunction;
}

/** Makes a configured plugin. The options may be left out where the schema takes an empty object. */
export type PluginFactory<Schema extends StandardSchemaV1> = (
  ...options: Record<never, never> extends StandardSchemaV1.InferInput<Schema>
    ? [options?: StandardSchemaV1.InferInput<Schema>]
    : [options: StandardSchemaV1.InferInput<Schema>]
) => Plugin;

type NoState = StandardSchemaV1<unknown, never>;
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
  StateSchema extends StandardSchemaV1<unknown, object> = NoState,
>(definition: PluginDefinition<Schema, Tokens, StateSchema>): PluginFactory<Schema> {
  const { name, inject, state } = definition;
  if (state !== undefined) initialState(state);
  return (...[given]) => {
    const options = validate(name, definition.options, given ?? {});
    const chosen = <Value extends Lane | number | boolean>(
      value: Chosen<Value, StandardSchemaV1.InferOutput<Schema>> | undefined,
    ) => (typeof value === 'function' ? value(options) : value);
    return {
      kind: 'plugin',
      name,
      limits: limitsOf(
        { ...definition, lane: chosen(definition.lane), budget: chosen(definition.budget) },
        name,
      ),
      inject: inject ?? [],
      definition,
      options,
      create: (...resolved) => {
        const services = resolved as Services<Tokens>;
        return {
          ...(definition.message && {
            message: {
              handle: definition.message(options, ...services),
              history: chosen(definition.history) ?? false,
              until: definition.until,
            },
          }),
          ...(definition.bot && { bot: definition.bot(options, ...services) }),
          ...(definition.operation && { operation: definition.operation(options, ...services) }),
          ...(definition.session && { session: definition.session(options, ...services) }),
          ...(definition.host && { host: definition.host(options, ...services) }),
          ...(state && { state }),
        };
      },
    };
  };
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
