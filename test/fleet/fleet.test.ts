import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileGround } from './ground.ts';
import { type Play, play } from './play.ts';
import { scenarios } from './scenarios.ts';

const small = { workers: 2, agents: 6 };

/** What is proved on PostgreSQL is not proved here again. */
const onFile = (name: string, seed: number, more: Partial<Play> = {}) =>
  play({
    ...small,
    seed,
    scenario: scenarios[name] as Play['scenario'],
    groundIn: (folder) => fileGround(join(folder, 'store.db')),
    ...more,
  });

describe('a fleet on a file, as its customers hear it', { timeout: 240_000 }, () => {
  it('cut-gws: none greeted twice, nothing lost, doubled or out of order', async () => {
    // A seed by which the worker is told that it is cut off: without a word, that takes it as long as a poll.
    const { failures, lines } = await onFile('cut-gws', 2);
    expect(failures).toEqual([]);
    expect(lines).toBeGreaterThan(30);
  });

  it('sigstop: greeted twice, lost or doubled, where nobody looks at leases, and at what was said before', async () => {
    const { doubleGreetings, lost, doubled, outOfOrder } = await onFile('sigstop', 1, { isProtected: false });
    expect(doubleGreetings + lost + doubled + outOfOrder).toBeGreaterThan(0);
  });
});
