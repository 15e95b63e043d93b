import { existsSync } from 'node:fs';
import type { ExperimentFacts } from '../../bot/experiment/arm-tag.ts';
import { experimentsIn } from '../../config.ts';
import { UsherError } from '../../errors.ts';
import type { Records } from '../../experiment/records.ts';
import { recordsIn } from '../../experiment/records-in.ts';
import { openShards } from '../../store/open-shards.ts';
import { loadConfig } from '../load-config.ts';

/** What to do where nothing has been recorded yet. Default: refuse. */
interface OpenOptions {
  readonly isMade?: boolean;
}

/** Does something with the records of a config's experiments: those of this key, or all. */
export async function withRecords(
  config: string,
  key: string | undefined,
  work: (experiments: readonly ExperimentFacts[], records: Records) => Promise<void>,
  { isMade = false }: OpenOptions = {},
): Promise<void> {
  const { agents, stores: places } = await loadConfig(config);
  const experiments = chosen(experimentsIn(agents), key, config);
  if (places.length === 0 || places[0] === ':memory:') {
    throw new UsherError(
      'USHER_USAGE',
      `${config} names no \`store\`: what its experiments recorded ended with the process`,
    );
  }
  const missing = places.find((place) => typeof place === 'string' && !existsSync(place));
  if (!isMade && typeof missing === 'string')
    throw new UsherError('USHER_USAGE', `${missing} does not exist: nothing has been recorded yet`);
  const stores = await openShards(places, { marksNew: false });
  try {
    await work(experiments, recordsIn(stores));
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

/** @throws UsherError USHER_USAGE with the keys, if there is none of this one. */
export function chosen(
  all: readonly ExperimentFacts[],
  key: string | undefined,
  config: string,
): readonly ExperimentFacts[] {
  if (all.length === 0) throw new UsherError('USHER_USAGE', `the bots of ${config} are in no experiment`);
  const found = key === undefined ? all : all.filter((one) => one.key === key);
  if (found.length > 0) return found;
  const known = all.map((one) => one.key).join(', ');
  throw new UsherError('USHER_USAGE', `${config} has no experiment "${key}"; it has ${known}`);
}
