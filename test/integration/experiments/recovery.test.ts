import { describe, expect, it } from 'vitest';
import { running, seat, simulator } from '../contact-centre.ts';
import { armHeard, configHere, patience, recordsIn, storeFile, talk } from './shop.ts';

const lines = ['first', 'second', 'third'];

describe('a chat of an experiment', { timeout: 120_000 }, () => {
  it.each(['session402', 'expireHttp', 'restart'] as const)(
    'goes on in its arm, and is counted once, through %s',
    async (kind) => {
      const server = await simulator({
        agents: [seat('Ada')],
        cometd: { timeout: 2_000, maxInterval: 2_000 },
      });
      const store = storeFile();
      const { entries } = await running(configHere(server.url, {}, store));
      const [greeting, ...more] = talk('contact', lines).steps;
      const strike = { choose: () => [void server.faults.plan({ kind })].flatMap(() => []) };
      const customer = server.arrive({
        ...talk('contact', lines),
        steps: [greeting as never, ...more.slice(0, 3), strike, ...more.slice(3)],
      });
      const result = await customer.done;
      await expect.poll(() => server.agents[0]?.parts.size, { timeout: patience }).toBe(0);
      expect(server.faults.injected.map((fault) => fault.kind)).toEqual([kind]);
      await expect.poll(async () => (await recordsIn(store)).chats, { timeout: patience }).toHaveLength(1);
      const { exposed, chats } = await recordsIn(store);
      expect(exposed).toHaveLength(1);
      expect(chats).toMatchObject([
        { arm: armHeard(result, lines), measures: { greeted: 1, engaged: 1, answered: 1, turns: 3 } },
      ]);
      expect(entries.filter((entry) => entry.kind === 'exposed')).toHaveLength(1);
      expect(entries.filter((entry) => entry.kind === 'measured')).toHaveLength(1);
    },
  );

  it('is in the same arm when another process has taken over its agent, as when its customer comes again', async () => {
    const server = await simulator({ agents: [seat('Ada', 2)] });
    const store = storeFile();
    const before = await running(configHere(server.url, {}, store));
    const [greeting] = talk('contact', []).steps;
    const staying = server.arrive({
      ...talk('contact', []),
      steps: [greeting, { pause: 500 }, { expect: '!', within: patience }, { leave: true }] as never,
    });
    await before.until((entry) => entry.kind === 'exposed');
    // The server offers the chat again.
    await before.host.stop({ within: 0 });
    await running(configHere(server.url, {}, store));
    const stayed = await staying.done;
    expect(stayed.served, stayed.failure).toBe(true);
    const again = await server.arrive(talk('contact', [])).done;
    const words = [...stayed.heard, ...again.heard].map(({ text }) => text);
    expect(words).toHaveLength(3);
    expect(new Set(words)).toHaveLength(1);
    await expect.poll(async () => (await recordsIn(store)).chats.length, { timeout: patience }).toBe(3);
    const { chats } = await recordsIn(store);
    expect(new Set(chats.map(({ unit, arm }) => `${unit} ${arm}`))).toHaveLength(1);
    expect(chats.map(({ isFirst }) => isFirst)).toEqual([true, false, false]);
  });
});
