import { Subject } from 'rxjs';
import { type AgentRow, agentsFrom, defineBot } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { describe, expect, it } from 'vitest';
import { temporaryFile } from '../core/store/temporary-file.ts';
import { password, running, seat, simulator } from './contact-centre.ts';

const bots = { quiet: () => defineBot({ name: 'quiet', plugins: [autoAccept()] }) };
const row = (username: string, more = {}): AgentRow => ({ username, password, ...more });

describe.each([
  ['without a store', {}],
  ['alone on a store', { store: true }],
  ['in a fleet', { store: true, fleet: {} }],
] as const)('agents of a table, %s', (_what, { store, fleet }: { store?: true; fleet?: object }) => {
  it('come, change and go while the process runs, and those that are wrong are told of', async () => {
    const server = await simulator({ agents: [seat('Ada'), seat('Bea'), seat('Cleo')] });
    const rows = new Subject<readonly AgentRow[]>();
    const table = () => {
      queueMicrotask(() => rows.next([row('Ada')]));
      return rows;
    };
    const { host, entries } = await running({
      server: { url: server.url },
      ...(store && { store: temporaryFile() }),
      ...(fleet && { fleet }),
      agents: agentsFrom({ table, bots }),
    });
    const ready = () => server.agents.filter((agent) => agent.ready).map(({ username }) => username);
    await expect.poll(ready).toEqual(['Ada']);
    rows.next([row('Ada'), row('Bea'), row('Cleo', { bots: 'loud' })]);
    await expect.poll(ready).toEqual(['Ada', 'Bea']);
    expect(entries).toContainEqual(
      expect.objectContaining({
        code: 'USHER_AGENTS_INVALID',
        message: 'agents[2].bots names "loud"; there are quiet',
      }),
    );
    rows.next([row('Bea', { nickname: 'Beatrice' })]);
    await expect.poll(ready).toEqual(['Bea']);
    await expect
      .poll(() => host.sessions.map(({ seat: taken }) => taken?.agent.nickname))
      .toEqual(['Beatrice']);
    await expect.poll(() => host.isReady).toBe(true);
  });
});
