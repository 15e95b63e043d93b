import { type FaultOptions, faultKinds, type SimulatorOptions } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { ada, type Desk, desk, gws, interactionOf } from '../desk.ts';
import { chatting } from './chatting.ts';

/** Agents in a chat each, without a notification having been waited for. */
async function inChats(faults: FaultOptions, options: SimulatorOptions = {}) {
  const server = await gws({ faults, ...options });
  const sit = async (username: string): Promise<{ agent: Desk; id: string }> => {
    const agent = await desk(server, username);
    const { chatId: id } = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
    await agent.operate(id, 'Accept', { nickname: username });
    return { agent, id };
  };
  return { server, ada: await sit('ada'), bea: await sit('bea') };
}

const statuses = async ({ agent, id }: { agent: Desk; id: string }, times: number): Promise<number[]> => {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const { status } = await agent.send(`/me/interactions/${id}`, {
      operationName: 'SendMessage',
      text: 'a',
    });
    found.push(status);
  }
  return found;
};

describe('faults by chance', () => {
  it('are the same for the same seed, whatever else goes on, and others for another seed', async () => {
    const run = async (seed: number, more: FaultOptions = {}, others = false): Promise<number[]> => {
      const { ada, bea } = await inChats({ seed, http5xx: 0.3, ...more });
      if (others) await statuses(bea, 7);
      return statuses(ada, 30);
    };
    const first = await run(7);
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(2);
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(10);
    expect(await run(7)).toEqual(first);
    expect(await run(7, { drop: 0.5, duplicate: 0.5 }, true)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
  });

  it('of notifications are the same, down to their details', async () => {
    const run = async () => {
      const faults = {
        seed: 3,
        drop: 0.1,
        duplicate: 0.1,
        reorder: 0.1,
        delay: 0.1,
        malformed: 0.2,
        gap: 0.2,
      };
      const { server, ada } = await inChats(faults);
      await statuses(ada, 40);
      await expect
        .poll(() => server.faults.injected.filter(({ kind }) => kind !== 'gap').length)
        .toBeGreaterThan(15);
      return server.faults.injected
        .filter(({ username, kind }) => username === 'ada' && kind !== 'gap')
        .map(({ kind, detail }) => [kind, detail])
        .slice(0, 15);
    };
    expect(await run()).toEqual(await run());
  });

  it('keep to their scope', async () => {
    const server = await gws({ faults: { http5xx: 1, scope: ['session'] } });
    const agent = await desk(server, 'ada', { ready: false });
    expect((await agent.get('/me')).status).toBe(503);
    expect(await agent.operate('x', 'Reject')).toMatchObject({ statusCode: 2 });
  });

  it('leave the session alone by default, unless a plan names its call', async () => {
    const { agent, plan } = await chatting({ faults: { slow: { rate: 1, ms: [0, 0] } } });
    const calls = async (): Promise<number[]> => [
      (await agent.get('/me')).status,
      (await agent.send('/me', { operationName: 'StartContactCenterSession' })).status,
      (await agent.send('/me/channels/chat', { operationName: 'Ready' })).status,
    ];
    plan({ kind: 'http5xx' });
    expect(await calls()).toEqual([200, 200, 200]);
    for (const operation of ['GET /me', 'StartContactCenterSession', 'Ready'])
      plan({ kind: 'http5xx', operation });
    expect(await calls()).toEqual([503, 503, 503]);
  });

  it('stop when told, while planned ones still happen', async () => {
    const { server, agent, id, plan } = await chatting({ faults: { gap: 1 } });
    expect(server.faults.injected).not.toHaveLength(0);
    server.faults.stop();
    const before = server.faults.injected.length;
    await agent.operate(id, 'SendMessage', { text: 'a' });
    expect(server.faults.injected).toHaveLength(before);
    plan({ kind: 'drop' });
    await agent.operate(id, 'SendMessage', { text: 'b' });
    await expect.poll(() => server.faults.injected.at(-1)?.kind).toBe('drop');
  });

  it('never touch what the customer sees', async () => {
    const notifications = ['drop', 'duplicate', 'reorder', 'delay', 'malformed', 'foreign'] as const;
    const rates = Object.fromEntries(notifications.map((kind) => [kind, 0.4]));
    const { server, ada } = await inChats({ ...rates, session402: 0.1, cutPoll: 0.4 });
    const said = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    const customer = server.arrive({ firstName: 'Eve', steps: [{ pause: 60_000 }] });
    await ada.agent.operate(customer.chatId, 'Accept', { nickname: 'Ada' });
    for (const text of said) await ada.agent.operate(customer.chatId, 'SendMessage', { text });
    await expect.poll(() => customer.heard.map(({ text }) => text)).toEqual(said);
    expect(customer.seen.map(({ type }) => type)).toEqual(['ParticipantJoined', ...said.map(() => 'Text')]);
    expect(new Set(server.faults.injected.map(({ kind }) => kind)).size).toBeGreaterThan(6);
  });

  it('may all be on at once; when they have stopped, all is well again', { timeout: 60_000 }, async () => {
    const rates = Object.fromEntries(faultKinds.map((kind) => [kind, 0.05]));
    const short = { rate: 0.05, ms: [1, 10] } as const;
    const server = await gws({
      agents: [{ ...ada, capacity: 1_000 }],
      csrf: true,
      cometd: { timeout: 50 },
      // A call that hangs would hold up the loop below for ever.
      faults: { ...rates, seed: 11, hang: 0, slow: short, lateEffect: short, restart: short },
    });
    const agent = await desk(server, 'ada');
    const despite = (attempt: Promise<unknown>): Promise<unknown> => attempt.catch(() => undefined);
    for (let time = 0; time < 150; time += 1) {
      const { chatId } = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
      await despite(agent.get('/me'));
      if (server.connections('ada').subscriptions === 0) await despite(agent.connect());
      const polling = despite(agent.poll());
      await despite(agent.operate(chatId, 'Accept', { nickname: 'Ada' }));
      await despite(agent.operate(chatId, 'SendMessage', { text: 'a' }));
      await polling;
    }
    server.faults.stop();
    await expect
      .poll(() =>
        agent.get('/me').then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    await agent.connect();
    const customer = server.arrive({ firstName: 'Zoe', steps: [{ pause: 60_000 }] });
    const isZoe = (event: Record<string, unknown>): boolean => interactionOf(event)?.id === customer.chatId;
    await agent.until(isZoe);
    await agent.operate(customer.chatId, 'Accept', { nickname: 'Ada' });
    await agent.operate(customer.chatId, 'SendMessage', { text: 'all is well' });
    await expect.poll(() => customer.heard).toMatchObject([{ text: 'all is well' }]);
    const kinds = new Set(server.faults.injected.map(({ kind }) => kind));
    expect(faultKinds.filter((kind) => !kinds.has(kind))).toEqual(['hang']);
  });
});
