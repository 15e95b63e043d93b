import { writeSync } from 'node:fs';
import { openStore } from '../../../core/store/open-store.ts';
import { isPostgresUrl } from '../../../core/store/postgres/postgres-place.ts';
import { openSqliteStore } from '../../../core/store/sqlite/open-sqlite-store.ts';
import type { StoredInteraction } from '../../../core/store/store.ts';

/** A worker that commits a step of five chats at once, over and over, and says each step when it is acknowledged. */
const [place = '', agent = ''] = process.argv.slice(2);

// SQLite is not fair to who waits for a file that others write without a pause.
const store = isPostgresUrl(place) ? await openStore(place) : openSqliteStore(place, { busyMs: 60_000 });
await store.enrol([agent]);
const lease = await store.join({ name: `${process.pid}`, capacity: 1, ttlMs: 600_000 });
const [claim] = await store.claim(lease, 1, [agent]);
if (claim === undefined) throw new Error(`${agent} is not free`);

const known = new Map(claim.interactions.map((interaction) => [interaction.id, interaction]));
const versionOf = (chat: string): StoredInteraction['version'] => known.get(chat)?.version ?? 0;
const chats = [1, 2, 3, 4, 5].map((chat) => `chat-${chat}`);

for (let version = versionOf('chat-1'); ; version += 1) {
  const step = version + 1;
  const results = await Promise.all(
    chats.map((interaction) =>
      store.commit({
        agent,
        token: claim.token,
        interaction,
        version,
        state: { step, text: `${Math.random()}`.repeat(50) },
        once: [{ key: `${interaction}:${step}`, body: step }],
        publish: [[interaction, step]],
      }),
    ),
  );
  writeSync(1, `${results.every((result) => result === 'ok') ? step : results.join()}\n`);
}
