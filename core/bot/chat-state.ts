import type { StandardSchemaV1 } from '@standard-schema/spec';
import { UsherError } from '../errors.ts';
import type { Dossier } from '../ports.ts';

/**
 * What a plugin keeps of one chat: plain JSON, small, checked by the plugin's `state` schema. It is kept in the chat's
 * document, so it outlives the process where a store is configured, and goes when the chat ends.
 */
export interface ChatState<State> {
  readonly value: State;
  /** Kept from now on, and written down before the next operation leaves. */
  set(state: State): void;
  /** Changes some members. */
  patch(change: Partial<State>): void;
}

/** A plugin's state in one chat, as the chat's document has it. */
export class KeptState<State extends object> implements ChatState<State> {
  readonly #dossier: Dossier;
  readonly #key: string;
  readonly #schema: StandardSchemaV1<unknown, State>;
  readonly #onUnreadable: (why: string) => void;

  /** `onUnreadable`: what was kept does not fit the schema any more; the plugin begins anew. */
  constructor(
    dossier: Dossier,
    key: string,
    schema: StandardSchemaV1<unknown, State>,
    onUnreadable: (why: string) => void,
  ) {
    this.#dossier = dossier;
    this.#key = key;
    this.#schema = schema;
    this.#onUnreadable = onUnreadable;
  }

  get value(): State {
    const kept = this.#dossier.stateOf(this.#key);
    if (kept === undefined) return initialState(this.#schema);
    const read = check(this.#schema, kept);
    if ('state' in read) return read.state;
    this.#onUnreadable(read.why);
    const initial = initialState(this.#schema);
    this.#dossier.setState(this.#key, initial);
    return initial;
  }

  set(state: State): void {
    this.#dossier.setState(this.#key, state);
  }

  patch(change: Partial<State>): void {
    this.set({ ...this.value, ...change });
  }
}

/** What a plugin without a `state` schema gets. */
export function noState(plugin: string): ChatState<never> {
  const refuse = (): never => {
    throw new UsherError(
      'USHER_PLUGIN_FAILED',
      `plugin ${plugin} keeps no state: give it a schema, as \`state\` of definePlugin`,
    );
  };
  return {
    get value() {
      return refuse();
    },
    set: refuse,
    patch: refuse,
  };
}

/**
 * What a state schema makes of an empty object.
 *
 * @throws UsherError USHER_PLUGIN_OPTIONS if that does not fit.
 */
export function initialState<State>(schema: StandardSchemaV1<unknown, State>): State {
  const made = check(schema, {});
  if ('state' in made) return made.state;
  throw new UsherError(
    'USHER_PLUGIN_OPTIONS',
    `the state schema does not take an empty object: ${made.why}; give every member a default`,
  );
}

function check<State>(
  schema: StandardSchemaV1<unknown, State>,
  value: unknown,
): { state: State } | { why: string } {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) return { why: 'the schema is asynchronous' };
  if (result.issues === undefined) return { state: result.value };
  return { why: result.issues.map(({ message }) => message).join('; ') };
}
