import { describe, expect, it } from 'vitest';
import { chatting, messages, texts } from './chatting.ts';

describe('a fault of notifications', () => {
  it('drop: the agent never hears of it, the customer has said it', async () => {
    const { server, agent, customer, id, plan } = await chatting();
    plan({ kind: 'drop' });
    customer.say('a');
    customer.say('b');
    await agent.until(() => texts(agent).includes('b'));
    expect(texts(agent)).toEqual(['b']);
    expect(server.chats.get(id)?.lines.map(({ text }) => text)).toContain('a');
    expect(server.faults.injected).toMatchObject([{ kind: 'drop', username: 'ada', interactionId: id }]);
  });

  it('duplicate: it comes twice', async () => {
    const { agent, customer, plan } = await chatting();
    plan({ kind: 'duplicate', ms: [0, 0] });
    customer.say('a');
    await agent.until(() => texts(agent).length === 2);
    expect(texts(agent)).toEqual(['a', 'a']);
  });

  it('reorder: others overtake it', async () => {
    const { agent, customer, plan } = await chatting();
    plan({ kind: 'reorder', count: [2, 2], ms: [60_000, 60_000] });
    for (const text of ['a', 'b', 'c', 'd']) customer.say(text);
    await agent.until(() => texts(agent).length === 4);
    expect(texts(agent)).toEqual(['b', 'c', 'a', 'd']);
  });

  it('reorder: it comes in the end where nothing follows', async () => {
    const { agent, customer, plan } = await chatting();
    plan({ kind: 'reorder', ms: [5, 5] });
    customer.say('a');
    await agent.until(() => texts(agent).includes('a'));
  });

  it('delay: it and all behind it wait, in order', async () => {
    const { agent, customer, plan } = await chatting();
    plan({ kind: 'delay', ms: [20, 20] });
    for (const text of ['a', 'b']) customer.say(text);
    await agent.until(() => texts(agent).length === 2);
    expect(texts(agent)).toEqual(['a', 'b']);
  });

  it('delay: of this agent only, and not of the customer', async () => {
    const { server, agent, customer, id, plan } = await chatting();
    plan({ kind: 'delay', ms: [60_000, 60_000] });
    for (const text of ['a', 'b']) await agent.operate(id, 'SendMessage', { text });
    await expect.poll(() => customer.heard).toHaveLength(2);
    server.notify('ada', { messageType: 'Marker' });
    await agent.until(({ messageType }) => messageType === 'Marker');
    expect(texts(agent)).toEqual([]);
  });

  it('gap: indexes are skipped, and no reading finds them', async () => {
    const { agent, customer, id, plan } = await chatting();
    plan({ kind: 'gap', count: [3, 3] });
    for (const text of ['a', 'b']) customer.say(text);
    await agent.until(() => texts(agent).length === 2);
    expect(messages(agent.events).map(({ index }) => index)).toEqual([1, 2, 6, 7]);
    const before = agent.events.length;
    await agent.operate(id, 'RequestChatHistory');
    await agent.until((event) => agent.events.indexOf(event) >= before);
    expect(messages(agent.events.slice(before)).map(({ index }) => index)).toEqual([1, 2, 6, 7]);
  });

  it('malformed: nonsense comes beside the true one, of every sort', async () => {
    const { server, agent, customer, plan } = await chatting();
    plan({ kind: 'malformed', times: 40 });
    const said = Array.from({ length: 40 }, (_, at) => `line ${at}`);
    for (const text of said) customer.say(text);
    await agent.until(() => texts(agent).includes('line 39'));
    expect(said.filter((text) => !texts(agent).includes(text))).toEqual([]);
    expect(new Set(server.faults.injected.map(({ detail }) => detail))).toEqual(
      new Set([
        'nothing',
        'a text cut short',
        'a list',
        'only its types',
        'members of wrong types',
        'records without content',
        'an unknown messageType',
      ]),
    );
  });

  it('foreign: a line of a chat that is not the agent’s', async () => {
    const { agent, customer, id, plan } = await chatting();
    plan({ kind: 'foreign' });
    customer.say('a');
    await agent.until(() => texts(agent).includes('a'));
    const [strange, own] = agent.events.slice(-2);
    expect(own).toMatchObject({ interactionId: id });
    expect(strange).toMatchObject({
      interactionId: expect.not.stringMatching(id),
      messages: [{ text: 'not for you' }],
    });
  });

  it('foreign: a state of a chat that is not the agent’s', async () => {
    const { agent, id, plan } = await chatting({ dialect: 'gws-8.5.0' });
    plan({ kind: 'foreign', times: 3 });
    await agent.operate(id, 'StopProcessing');
    await agent.until((event) => (event['interaction'] as { state?: string })?.state === 'Completed');
    const ids = agent.events.map(
      (event) => (event['interaction'] as { id?: string })?.id ?? event['interactionId'],
    );
    expect(new Set(ids).size).toBe(4);
  });

  it('eventBeforeReply: what comes of an operation is told before the operation is answered', async () => {
    const order: string[] = [];
    const { agent, id, plan } = await chatting({
      onExchange: (exchange) => {
        if (!JSON.stringify(exchange).includes('SendMessage') && !JSON.stringify(exchange).includes('"a"'))
          return;
        if (exchange.kind === 'http') order.push('reply');
        else if (exchange.direction === 'out') order.push('event');
      },
    });
    plan({ kind: 'eventBeforeReply' });
    expect(await agent.operate(id, 'SendMessage', { text: 'a' })).toEqual({ statusCode: 0 });
    await agent.until(() => texts(agent).includes('a'));
    expect(order.slice(-2)).toEqual(['event', 'reply']);
  });
});

describe('a fault of CometD', () => {
  it('session402: the session and what it should have carried are gone', async () => {
    const { server, agent, customer, plan } = await chatting();
    plan({ kind: 'session402' });
    customer.say('lost');
    await expect.poll(() => server.connections('ada').cometdSessions).toBe(0);
    const [reply] = await agent.poll();
    expect(reply).toMatchObject({
      channel: '/meta/connect',
      successful: false,
      error: expect.stringMatching(/^402::/),
      advice: { reconnect: 'handshake' },
    });
    await agent.connect();
    customer.say('heard');
    await agent.until(() => texts(agent).includes('heard'));
    expect(texts(agent)).toEqual(['heard']);
    expect(server.connections('ada')).toEqual({ cometdSessions: 1, subscriptions: 1, httpSessions: 1 });
  });

  it('cutPoll: the socket of the held poll is destroyed', async () => {
    const { server, agent, customer, plan } = await chatting({ cometd: { timeout: 60_000 } });
    plan({ kind: 'cutPoll' });
    const polling = (async () => {
      for (;;) await agent.poll();
    })();
    const cut = expect(polling).rejects.toThrow('fetch failed');
    await expect
      .poll(() => {
        customer.say('x');
        return server.faults.injected;
      })
      .toMatchObject([{ kind: 'cutPoll' }]);
    await cut;
    customer.say('after');
    await agent.until(() => texts(agent).includes('after'));
    expect(server.connections('ada').cometdSessions).toBe(1);
  });

  it('badAdvice: a poll is told to give up', async () => {
    const { agent, plan } = await chatting();
    plan({ kind: 'badAdvice', username: 'ada' });
    expect((await agent.poll()).at(-1)).toMatchObject({
      channel: '/meta/connect',
      successful: true,
      advice: { reconnect: 'none' },
    });
  });
});
