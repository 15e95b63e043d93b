import { existsSync } from 'node:fs';
import { UsherError } from '../errors.ts';
import type { StorePlace } from '../store/open-store.ts';

/** @throws UsherError USHER_USAGE where a config names no stores that this process and the workers could share. */
export function refuseUnshared(file: string, places: readonly StorePlace[]): void {
  if (places.length === 0 || places[0] === ':memory:')
    throw new UsherError(
      'USHER_USAGE',
      `${file} names no store that workers could share: set \`store\` to a file, or to the URL of a database`,
    );
  const missing = places.find((place) => typeof place === 'string' && !existsSync(place));
  if (typeof missing === 'string')
    throw new UsherError('USHER_USAGE', `${missing} does not exist: no worker has run yet`);
}
