import { resolve } from 'node:path';
import { unescape as decoded } from 'node:querystring';
import { z } from 'zod';
import { UsherError } from './errors.ts';
import { type StoreDatabase, type StorePlace, storePlace } from './store/open-store.ts';
import { passwordIn } from './store/postgres/postgres-place.ts';

const optionalText = z.string().min(1).optional();

/** What `store` of a config may be: one, or a list of those that the agents are spread over. */
export type StoreOption = string | StoreDatabase | readonly (string | StoreDatabase | undefined)[];

const oneStore = z.union(
  [
    z.string().min(1),
    z.strictObject({
      url: z.string().min(1),
      password: optionalText,
      tls: z.strictObject({ ca: optionalText, cert: optionalText, key: optionalText }).optional(),
    }),
  ],
  {
    error: ({ input }) =>
      input === undefined
        ? 'is missing: the variable of the environment that it is read from is not set'
        : 'must be a file, :memory:, a URL of PostgreSQL, or { url, password, tls: { ca, cert, key } }',
  },
);

const several = z.array(oneStore).min(1, 'is empty: name the stores, or leave it out');

/** The part `store` of a config. */
export const storeSchema = z
  .unknown()
  .transform((store, context): z.infer<typeof oneStore> | z.infer<typeof several> => {
    const parsed = (Array.isArray(store) ? several : oneStore).safeParse(store);
    if (parsed.success) return parsed.data;
    context.issues.push(...(parsed.error.issues as typeof context.issues));
    return z.NEVER;
  })
  .optional();

/**
 * Where the stores are, and the faults in what says so.
 *
 * @param read The values that the config has read from the environment.
 */
export function placesOf(
  store: StoreOption | undefined,
  env: Readonly<Record<string, string | undefined>>,
  read: readonly string[],
): { readonly stores: readonly StorePlace[]; readonly faults: readonly string[] } {
  const isList = Array.isArray(store);
  const listed = (isList ? store : [store]) as readonly (string | StoreDatabase | undefined)[];
  const places = listed.map((one) => placeOf(one, env, read));
  const faults = places.flatMap((place, at) => {
    const path = isList ? `store[${at}]` : 'store';
    if (place === undefined) return [];
    if (place instanceof UsherError) return [`${path}: ${place.message}`];
    if (place === ':memory:' && places.length > 1)
      return [`${path} is :memory:, which no other process shares: name a file or a database`];
    const first = places.findIndex((other) => isSame(other, place));
    return first < at
      ? [`${path} is the same store as store[${first}]: each shard needs one of its own`]
      : [];
  });
  return {
    stores: places.filter(
      (place): place is StorePlace => !(place === undefined || place instanceof UsherError),
    ),
    faults,
  };
}

function isSame(one: StorePlace | UsherError | undefined, other: StorePlace): boolean {
  if (typeof one === 'string' && typeof other === 'string') return resolve(one) === resolve(other);
  return typeof one === 'object' && typeof other === 'object' && one.name === other.name;
}

/**
 * Where a store is, or the fault in what says so. A password comes from the environment, and never stands in a file.
 *
 * @param read The values that the config has read from the environment.
 */
function placeOf(
  store: string | StoreDatabase | undefined,
  env: Readonly<Record<string, string | undefined>>,
  read: readonly string[],
): StorePlace | UsherError | undefined {
  if (store === undefined) return undefined;
  const { url, password = passwordIn(url) } = typeof store === 'string' ? { url: store } : store;
  if (password !== undefined && !isAmong(password, read)) {
    return new UsherError(
      'USHER_CONFIG_INVALID',
      'its password stands in the config: read it, or the whole URL, from `env`, or leave it to PGPASSWORD',
    );
  }
  try {
    const place = storePlace(store);
    if (typeof place === 'string') return place;
    return { ...place, password: place.password ?? env['PGPASSWORD'] };
  } catch (thrown) {
    if (thrown instanceof UsherError) return thrown;
    throw thrown;
  }
}

/** As it stands in a URL, or as it is. */
function isAmong(password: string, read: readonly string[]): boolean {
  const forms = [password, decoded(password)];
  return read.some((value) => forms.some((form) => value.includes(form)));
}
