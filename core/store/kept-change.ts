import { Buffer } from 'node:buffer';
import type { Change, Json, OnceEntry } from './store.ts';
import { beyondLimit } from './store-errors.ts';

/** The longest JSON text a store keeps in one piece, in bytes of UTF-8: 256 KiB. */
export const maxJsonBytes = 256 * 1024;

/** The longest name of an agent, id of an interaction or `once` key, in bytes of UTF-8: an index must take two. */
export const maxIdBytes = 1024;

/** A change as it goes to the disk: texts in place of values, so that nobody alters it while it waits. */
export interface KeptChange extends Pick<Change, 'agent' | 'token' | 'interaction' | 'version'> {
  /** JSON; `null` closes the interaction. */
  readonly state: string | null;
  readonly once: readonly { readonly key: string; readonly body: string }[];
  readonly publish: readonly string[];
}

/** @throws UsherError USHER_STORE_LIMIT if a part of it cannot be kept. */
export function keptChange(change: Change): KeptChange {
  const { agent, token, version } = change;
  const interaction = checkedId('the id of an interaction', change.interaction);
  const where = `of interaction ${interaction} of ${checkedId('the name of an agent', agent)}`;
  return {
    agent,
    token,
    interaction,
    version,
    state: change.state === null ? null : jsonText(`the state ${where}`, change.state),
    once: keptEntries(change.once ?? [], where),
    publish: (change.publish ?? []).map((event) => jsonText(`an event ${where}`, event)),
  };
}

/** @throws UsherError USHER_STORE_LIMIT if one of them cannot be kept. */
export function keptEntries(entries: readonly OnceEntry[], where = 'of no agent'): KeptChange['once'] {
  return entries.map(({ key, body }) => ({
    key: checkedId(`a once key ${where}`, key),
    body: jsonText(`what is kept once ${where}`, body),
  }));
}

/**
 * Ids are kept to the byte, so they must have a UTF-8 form, which a lone half of an emoji has not. And no NUL:
 * PostgreSQL takes none in a text, and SQLite under Node 22 reads no further.
 */
export function checkedId(what: string, id: string): string {
  if (id === '') throw beyondLimit(what, 'is empty');
  if (!id.isWellFormed() || id.includes('\0')) throw beyondLimit(what, 'is no well-formed text without NUL');
  const bytes = Buffer.byteLength(id);
  if (bytes > maxIdBytes) throw beyondLimit(what, `has ${bytes} bytes; a store takes ${maxIdBytes}`);
  return id;
}

function jsonText(what: string, value: Json): string {
  const text = stringified(what, value);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxJsonBytes) {
    throw beyondLimit(what, `has ${bytes} bytes as JSON; a store takes ${maxJsonBytes}`);
  }
  return text;
}

function stringified(what: string, value: Json): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw beyondLimit(what, 'is no JSON', cause);
  }
  if (text === undefined) throw beyondLimit(what, 'is no JSON');
  return text;
}
