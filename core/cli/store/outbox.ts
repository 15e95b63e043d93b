import { openShards } from '../../store/open-shards.ts';
import { storeName } from '../../store/open-store.ts';
import type { OutboxCensus } from '../../store/store.ts';
import { loadConfig } from '../load-config.ts';
import { refuseUnshared } from '../refuse-unshared.ts';

export interface OutboxFlags {
  readonly config: string;
  readonly json: boolean;
}

/** `usher store outbox`: how many batches of analytics events wait, and how old the oldest is; over all stores. */
export async function showOutbox({ config, json }: OutboxFlags): Promise<void> {
  const { stores: places, analytics } = await loadConfig(config);
  refuseUnshared(config, places);
  const stores = await openShards(places, { marksNew: false });
  try {
    const found = await Promise.all(stores.map((store) => store.waiting()));
    const ages = found.flatMap(({ at, oldest }) => (oldest === undefined ? [] : [Math.max(0, at - oldest)]));
    const batches = found.reduce((sum, one) => sum + one.batches, 0);
    const state = { batches, ...(ages.length > 0 && { oldestAge: Math.max(...ages) }) };
    const sink = analytics === undefined ? 'no analytics in the config' : `sink ${analytics.sink.name}`;
    const lines = found.map((one, at) => `${storeName(places[at] ?? '')}: ${outboxText(one)} (${sink})`);
    process.stdout.write(`${json ? JSON.stringify(state) : lines.join('\n')}\n`);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

function outboxText({ at, batches, oldest }: OutboxCensus): string {
  if (oldest === undefined) return 'nothing waits in the outbox';
  const seconds = Math.max(0, Math.round((at - oldest) / 1_000));
  return `${batches} ${batches === 1 ? 'batch waits' : 'batches wait'} in the outbox, the oldest for ${seconds} s`;
}
