import { describe, expect, it } from 'vitest';
import { crashRun } from './crash-run.ts';

describe('a worker that is killed and started again on the same store', () => {
  it.each(['gws-8.5.0', 'gws-8.5.2'] as const)(
    'doubles nothing and loses nothing: %s',
    { timeout: 400_000 },
    async (dialect) => {
      const { chats, failures } = await crashRun({ dialect, kills: 6, random: Math.random });
      expect(failures).toEqual([]);
      expect(chats).toBeGreaterThan(2);
    },
  );
});
