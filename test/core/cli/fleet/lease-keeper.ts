import { openSqliteStore } from 'usher-bots';
import { processName } from '../../../../core/fleet/process-name.ts';

// A worker process that joins in each of some files, and does nothing more.
for (const file of (process.env['FILES'] ?? '').split(','))
  await openSqliteStore(file).join({ name: processName(), capacity: 1, ttlMs: 600_000 });
process.send?.({ joined: true });
