import type { Store } from 'usher-bots';
import { expect } from 'vitest';

/** Commits so many batches of one event, each in a commit of its own. */
export async function publishing(store: Store, ...events: number[]): Promise<void> {
  await store.enrol(['ada']);
  const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 600_000 });
  const [claim] = await store.claim(lease, 1);
  const base = { agent: 'ada', token: claim?.token ?? 0, interaction: 'chat' };
  const from = claim?.interactions[0]?.version ?? 0;
  for (const [at, nth] of events.entries())
    expect(await store.commit({ ...base, version: from + at, state: nth, publish: [{ nth }] })).toBe('ok');
  await store.leave(lease);
}
