import { Subject } from 'rxjs';
import { defineBot, openSqliteStore } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { describe, expect, it, onTestFinished } from 'vitest';
import { echo } from '../echo.ts';
import { tunnelTo } from '../postgres/tunnel.ts';
import { oneSeat, running, seat, simulator } from './contact-centre.ts';

const bot = defineBot({
  name: 'tested',
  plugins: [autoAccept(), greeter({ text: 'Hello!' }), echo()],
});

describe('a store that was away and is back', () => {
  it.each([
    ['alone', {}],
    ['in a fleet', { fleet: {} }],
  ])(
    'has every chat taken up anew, without another log-in, a second greeting or a lost line: %s',
    async (_what, more) => {
      const server = await simulator({ agents: [seat('Ada', 5)] });
      const restored = new Subject<void>();
      const openStore = () =>
        Object.defineProperty(openSqliteStore(':memory:'), 'restored$', { value: restored });
      const config = { ...oneSeat(server.url, bot), store: 'a-file-of-nobody.db', ...more } as object;
      const { host, entries } = await running(config as ReturnType<typeof oneSeat>, { openStore });
      await expect.poll(() => host.isReady && host.sessions.length).toBe(1);
      const customer = server.arrive({
        firstName: 'Mia',
        steps: [
          { expect: 'Hello!' },
          { say: 'one' },
          { expect: 're: one' },
          { pause: 1_500 },
          { say: 'two' },
          { expect: 're: two' },
        ],
      });
      await expect.poll(() => customer.heard.length).toBe(2);
      const before = host.sessions[0]?.seat;
      restored.next();
      await expect.poll(() => host.sessions[0]?.seat).not.toBe(before);
      const { served, heard } = await customer.done;
      expect([served, heard.map(({ text }) => text)]).toEqual([true, ['Hello!', 're: one', 're: two']]);
      expect(server.agents[0]?.sessionsStarted).toBe(1);
      expect(entries.filter(({ kind }) => kind === 'session').length).toBeLessThan(4);
    },
  );
});

describe('an agent of a fleet whose log-in does not reach the server', () => {
  it('is run again soon, and not only when a login that is refused would be tried again', async () => {
    const server = await simulator({ agents: [seat('Ada')] });
    const tunnel = await tunnelTo(Number(new URL(server.url).port));
    onTestFinished(() => tunnel.close());
    tunnel.refuse();
    const config = { ...oneSeat(`http://127.0.0.1:${tunnel.port}`, bot), store: 'nowhere.db', fleet: {} };
    const { host, until } = await running(config as ReturnType<typeof oneSeat>, {
      openStore: () => openSqliteStore(':memory:'),
    });
    await until((entry) => entry.kind === 'session' && entry.status === 'failed');
    tunnel.forward();
    await expect.poll(() => host.sessions[0]?.status, { timeout: 15_000 }).toBe('ready');
  });
});
