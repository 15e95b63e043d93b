import { unescape as decoded } from 'node:querystring';
import { z } from 'zod';
import { UsherError } from './errors.ts';
import { type StoreDatabase, type StorePlace, storePlace } from './store/open-store.ts';
import { passwordIn } from './store/postgres/postgres-place.ts';

const optionalText = z.string().min(1).optional();

/** The part `store` of a config. */
export const storeSchema = z
  .union(
    [
      z.string().min(1),
      z.strictObject({
        url: z.string().min(1),
        password: optionalText,
        tls: z.strictObject({ ca: optionalText, cert: optionalText, key: optionalText }).optional(),
      }),
    ],
    { error: 'must be a file, :memory:, a URL of PostgreSQL, or { url, password, tls: { ca, cert, key } }' },
  )
  .optional();

/**
 * Where the store is, or the fault in what says so. A password comes from the environment, and never stands in a file.
 *
 * @param read The values that the config has read from the environment.
 */
export function placeOf(
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
