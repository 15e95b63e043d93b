import { interval, map, NEVER, Observable } from 'rxjs';
import { defineBot, definePlugin, type HostContext, resolveConfig } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { handOff } from 'usher-bots/plugins/hand-off';
import { describe, expect, it } from 'vitest';
import { cora, password, running, seat, simulator } from './contact-centre.ts';

const quiet = defineBot({ name: 'quiet', plugins: [autoAccept()] });

/** A plugin of the process that hands its context out. */
function watching() {
  const contexts: HostContext[] = [];
  const log: string[] = [];
  const plugin = definePlugin({
    name: 'watching',
    host: () => (context) =>
      new Observable(() => {
        contexts.push(context);
        log.push(`begins: ${context.agents.map(({ status }) => status)}`);
        return () =>
          log.push(`ends: ${context.agents.map(({ status }) => status)}, ${context.signal.aborted}`);
      }),
  });
  return { plugin: plugin(), log, context: () => contexts[0] as HostContext };
}

describe('a plugin of the process', () => {
  it('is there before the agents log in, and until they have left', async () => {
    const server = await simulator();
    const { plugin, log, context } = watching();
    const { host } = await running({
      server: { url: server.url },
      plugins: [plugin, false, undefined],
      agents: [{ username: 'Ada', password, bots: [quiet] }],
    });
    expect(context().isReady).toBe(true);
    expect(context().server).toEqual({ dialect: 'gws-8.5.0', origin: server.url });
    await host.stop();
    expect(context()).toMatchObject({ isReady: false, isStopping: true });
    expect(log).toEqual(['begins: starting', 'ends: stopped, true']);
  });

  it('that throws, at once or later, is told of, and harms nobody', async () => {
    const server = await simulator();
    const atOnce = definePlugin({
      name: 'at-once',
      host: () => () => {
        throw new Error('not today');
      },
    });
    const later = definePlugin({
      name: 'later',
      host: () => () =>
        interval(5).pipe(
          map(() => {
            throw new Error('not now');
          }),
        ),
    });
    const careless = definePlugin({
      name: 'careless',
      host:
        () =>
        ({ journal$ }) => {
          journal$.subscribe(({ kind }) => {
            if (kind === 'interaction-began') throw new Error('in a subscription of its own');
          });
          return NEVER;
        },
    });
    const { host, entries, until } = await running({
      server: { url: server.url },
      plugins: [atOnce(), later(), careless()],
      agents: [{ username: 'Ada', password, bots: [quiet] }],
    });
    server.arrive({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }, { pause: 60_000 }] });
    await until((entry) => entry.kind === 'problem' && entry.message.includes('of its own'));
    await expect.poll(() => host.sessions[0]?.openInteractions).toBe(1);
    const told = entries.flatMap((entry) =>
      entry.kind === 'problem' ? [[entry.plugin ?? '', entry.message]] : [],
    );
    expect(told.sort()).toEqual([
      ['', "a subscription of a plugin's own threw: in a subscription of its own"],
      ['at-once', 'plugin at-once failed: not today'],
      ['later', 'plugin later failed: not now'],
    ]);
    expect(host.isReady).toBe(true);
  });

  it('has a hand on the chats of each agent', async () => {
    const server = await simulator({ agents: [seat('Ada', 5), cora] });
    const { plugin, context } = watching();
    const bot = defineBot({
      name: 'hands-over',
      handles: ({ kind }) => kind !== 'consultation',
      plugins: [
        autoAccept(),
        handOff({ to: { agentId: cora.id ?? '' }, texts: {}, fallback: { text: 'Nobody is free.' } }),
      ],
    });
    await running({
      server: { url: server.url },
      plugins: [plugin],
      agents: [{ username: 'Ada', password, nickname: 'Ada', bots: [bot] }],
    });
    const [desk] = context().agents;
    const seen: string[] = [];
    desk?.interactions$.subscribe(({ id }) => seen.push(id));
    const customer = server.arrive({ firstName: 'Mia', steps: [{ expect: 'Cora here.' }] });
    await expect.poll(() => server.chats.get(customer.chatId)?.active.length).toBe(1);
    expect(seen).toEqual([customer.chatId]);
    expect(desk?.takeOver(customer.chatId, 'Grace')).toBe(true);
    expect(desk?.interactions[0]?.now.owner).toEqual({ kind: 'human', name: 'Grace', by: 'take-over' });
    expect(desk?.giveBack(customer.chatId)).toBe(true);
    expect(desk?.takeOver('nothing', 'Grace')).toBe(false);
    expect(desk?.asHuman('nothing')).toBeUndefined();
    expect(desk?.requestHandOff('nothing', { reason: 'test' })).toBe(false);
    expect(desk?.requestHandOff(customer.chatId, { reason: 'test' })).toBe(true);
    expect(await customer.done).toMatchObject({ served: true });
  });

  it('has its place in the config, and other plugins have theirs', () => {
    const { plugin } = watching();
    const agents = [{ username: 'Ada', password, bots: [defineBot({ name: 'b', plugins: [plugin] })] }];
    expect(() => resolveConfig({ plugins: [autoAccept()], agents })).toThrow(
      'plugins[0] (auto-accept) works in chats: list it in a bot\nagents[0].bots: watching serves the whole process: list it under plugins',
    );
    const works = [{ username: 'Ada', password, bots: [quiet] }];
    expect(() => resolveConfig({ plugins: [watching as never], agents: works })).toThrow(/plugins\[0\]/);
    expect(resolveConfig({ plugins: [plugin, false], agents: works }).plugins).toEqual([plugin]);
  });
});
