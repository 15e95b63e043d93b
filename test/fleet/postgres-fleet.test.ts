import { describe, expect, it } from 'vitest';
import { newDatabase } from '../postgres/new-database.ts';
import { databaseGround } from './ground.ts';
import { type Play, play } from './play.ts';
import { scenarios } from './scenarios.ts';

describe('a fleet on PostgreSQL, as its customers hear it', { timeout: 240_000 }, () => {
  it.each(['kill9-supervised', 'sigstop', 'cut-store'])(
    '%s: none greeted twice, nothing lost, doubled or out of order',
    async (name) => {
      const { failures, lines } = await play({
        scenario: scenarios[name] as Play['scenario'],
        groundIn: async () => databaseGround(await newDatabase()),
        seed: 1,
        workers: 3,
        agents: 6,
      });
      expect(failures).toEqual([]);
      expect(lines).toBeGreaterThan(30);
    },
  );
});
