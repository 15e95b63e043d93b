import { asUsherError, type UsherError } from '../errors.ts';
import { LateStore } from './late-store.ts';
import { openStore, placeText, type StorePlace, storeName } from './open-store.ts';
import { checkMarks, type MarkedStore } from './shard-marks.ts';
import type { Store } from './store.ts';

export interface ShardsOptions {
  /** Default: by what it is, a file or a database. */
  readonly open?: ((place: StorePlace) => Store | Promise<Store>) | undefined;
  /** Whether new stores become shards of this list; whoever only looks leaves them as they are. Default: true. */
  readonly marksNew?: boolean;
}

/** A store of the list that has answered. */
interface Opened extends MarkedStore {
  readonly store: Store;
}

/**
 * Opens the stores that a fleet's agents are spread over, or the one that there is, and checks that each is what the
 * list takes it for. New ones are marked, for good. One that does not answer keeps nobody from the others: it is opened
 * by the first call that it answers. But all have to answer while one of them is new.
 *
 * @throws UsherError USHER_STORE_SHARD, USHER_STORE_BROKEN, and USHER_STORE_UNAVAILABLE if none answers. All are closed
 *   then.
 */
export async function openShards(
  places: readonly StorePlace[],
  { open = openStore, marksNew = true }: ShardsOptions = {},
): Promise<readonly Store[]> {
  const of = places.length;
  const openOne = (place: StorePlace, at: number): Promise<Opened> => opened(place, at, open);
  const results = await Promise.allSettled(places.map(openOne));
  const stores = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const errors = results.flatMap((one) =>
    one.status === 'rejected' ? [asUsherError(one.reason, 'USHER_STORE_UNAVAILABLE')] : [],
  );
  try {
    refuse(errors, stores, marksNew);
    checkMarks(stores, of);
    if (marksNew) await Promise.all(stores.map((store) => marked(store, of)));
  } catch (thrown) {
    await Promise.allSettled(stores.map(({ store }) => store.close()));
    throw thrown;
  }
  return places.map((place, at) => {
    const there = stores.find((one) => one.at === at);
    const later = async (): Promise<Store> => late(await openOne(place, at), of, marksNew);
    return there?.store ?? new LateStore(storeName(place), later);
  });
}

/** What does not answer is waited for; what is wrong stays wrong. */
function refuse(errors: readonly UsherError[], stores: readonly Opened[], marksNew: boolean): void {
  const isVital = stores.length === 0 || (marksNew && stores.some(({ mark }) => mark === undefined));
  const first = errors.find(({ code }) => code !== 'USHER_STORE_UNAVAILABLE') ?? (isVital && errors[0]);
  if (first) throw first;
}

async function late(found: Opened, of: number, marksNew: boolean): Promise<Store> {
  try {
    checkMarks([found], of);
    if (marksNew) await marked(found, of);
  } catch (thrown) {
    await found.store.close();
    throw thrown;
  }
  return found.store;
}

async function opened(
  place: StorePlace,
  at: number,
  open: NonNullable<ShardsOptions['open']>,
): Promise<Opened> {
  const store = await open(place);
  try {
    return { store, name: placeText(place), at, mark: await store.mark() };
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** Somebody else may have been quicker, with another list. */
async function marked({ store, name, at, mark }: Opened, of: number): Promise<void> {
  if (mark === undefined) checkMarks([{ name, at, mark: await store.mark({ shard: at, of }) }], of);
}
