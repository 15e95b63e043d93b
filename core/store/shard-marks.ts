import { UsherError } from '../errors.ts';
import type { ShardMark } from './store.ts';

/** One of the stores of a list, and what it says of itself. */
export interface MarkedStore {
  /** For people: without user and password. */
  readonly name: string;
  /** Its place in the list, from 0. */
  readonly at: number;
  readonly mark: ShardMark | undefined;
}

/**
 * Checks that stores are what a list of so many takes them for: a store in the wrong place would give its agents to
 * nobody, and have those of another begin with nothing. One that says nothing of itself is none too many.
 *
 * @throws UsherError USHER_STORE_SHARD that tells which store is which, and what to do.
 */
export function checkMarks(stores: readonly MarkedStore[], of: number): void {
  const marked = stores.filter(({ mark }) => mark !== undefined);
  const wrong = marked.filter(({ at, mark }) => mark?.shard !== at || mark.of !== of);
  if (wrong.length === 0) return;
  const facts = (wrong.length === 1 ? wrong : marked)
    .map(({ name, at, mark }) => `${of === 1 ? 'store' : `store[${at}]`}, ${name}, is ${textOf(mark)}`)
    .join('; ');
  throw new UsherError('USHER_STORE_SHARD', `${facts}: ${remedy(marked, of)}`);
}

function remedy(marked: readonly MarkedStore[], of: number): string {
  const other = marked.find(({ mark }) => mark?.of !== of)?.mark?.of;
  if (other === 1) return 'take a new store in place of it, or list it alone';
  if (other !== undefined)
    return `the config lists ${of}: list all ${other} in their order, for the number is fixed once they are made`;
  const twice = marked.find(({ at, mark }) =>
    marked.some((one) => one.at !== at && one.mark?.shard === mark?.shard),
  );
  if (twice !== undefined) return 'one store is listed by two names: each shard needs one of its own';
  return 'list the stores in the order of their shards, from 0';
}

/** What a store is, for people. */
export function textOf(mark: ShardMark | undefined): string {
  if (mark === undefined) return 'new';
  return mark.of === 1 ? 'a store that is used alone' : `shard ${mark.shard} of ${mark.of}`;
}
