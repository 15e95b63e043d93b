import { existsSync } from 'node:fs';
import { UsherError } from '../../errors.ts';
import { openStore, storeName } from '../../store/open-store.ts';
import type { OutboxCensus } from '../../store/store.ts';
import { loadConfig } from '../load-config.ts';

export interface OutboxFlags {
  readonly config: string;
  readonly json: boolean;
}

/** `usher store outbox`: how many batches of analytics events wait, and how old the oldest is. */
export async function showOutbox({ config, json }: OutboxFlags): Promise<void> {
  const { store: place, analytics } = await loadConfig(config);
  if (place === undefined || place === ':memory:')
    throw new UsherError('USHER_USAGE', `${config} names no store that another process could look into`);
  if (typeof place === 'string' && !existsSync(place))
    throw new UsherError('USHER_USAGE', `${place} does not exist: no worker has run yet`);
  const store = await openStore(place);
  try {
    const waiting = await store.waiting();
    const { at, batches, oldest } = waiting;
    const state = { batches, ...(oldest !== undefined && { oldestAge: Math.max(0, at - oldest) }) };
    const sink = analytics === undefined ? 'no analytics in the config' : `sink ${analytics.sink.name}`;
    const text = `${storeName(place)}: ${outboxText(waiting)} (${sink})`;
    process.stdout.write(`${json ? JSON.stringify(state) : text}\n`);
  } finally {
    await store.close();
  }
}

function outboxText({ at, batches, oldest }: OutboxCensus): string {
  if (oldest === undefined) return 'nothing waits in the outbox';
  const seconds = Math.max(0, Math.round((at - oldest) / 1_000));
  return `${batches} ${batches === 1 ? 'batch waits' : 'batches wait'} in the outbox, the oldest for ${seconds} s`;
}
