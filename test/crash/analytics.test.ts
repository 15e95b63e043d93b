import { openStore } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../simulator/faults/random.ts';
import { temporaryFile } from '../core/store/temporary-file.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { type AnalyticsRun, analyticsRun } from './analytics-run.ts';

const run = async (place: string, options: Pick<AnalyticsRun, 'workers' | 'kills'>) =>
  analyticsRun({ place, store: await openStore(place), random: mulberry32(7), ...options });

describe('what is told of chats while workers are killed and the target fails: all, once by its key, in order', {
  timeout: 400_000,
}, () => {
  it('by one worker on SQLite', async () => {
    const verdict = await run(temporaryFile(), { workers: 1, kills: 4 });
    expect(verdict.failures).toEqual([]);
    expect(verdict.targetFailures).toBeGreaterThan(0);
    expect(verdict.repeated).toBeGreaterThan(0);
  });

  it('by a fleet of two on PostgreSQL', async () => {
    const verdict = await run(await newDatabase(), { workers: 2, kills: 3 });
    expect(verdict.failures).toEqual([]);
    expect(verdict.targetFailures).toBeGreaterThan(0);
    expect(verdict.repeated).toBeGreaterThan(0);
  });
});
