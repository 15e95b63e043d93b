import type { CustomerScript, SimulatorOptions } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { ada, bea, type Desk, desk, gws, inState, interactionOf } from './desk.ts';

const waiting: CustomerScript = { firstName: 'Mia', steps: [{ pause: 60_000 }] };
const carl = { ...bea, username: 'carl', id: 'u-carl', firstName: 'Carl', skills: [] };

const start = (options: SimulatorOptions = {}) =>
  gws({ dialect: 'gws-8.5.2', agents: [ada, bea, carl], ...options });
const sit = (server: Awaited<ReturnType<typeof gws>>, username: string, ready = true) =>
  desk(server, username, { collection: 'chats', ready });

/** Ada in a chat with a customer; Bea and Carl are Ready. */
async function chatting(options: SimulatorOptions = {}) {
  const server = await start(options);
  const agent = await sit(server, 'ada');
  const customer = server.arrive({ ...waiting, lastName: 'Kerr' });
  await agent.until(inState('Invited'));
  const id = customer.chatId;
  await agent.operate(id, 'Accept', { nickname: 'Ada', saveLAR: true });
  await agent.until(({ messageType }) => messageType === 'MessageLogUpdated');
  const user = (userId: string) => `${server.url}/api/v2/users/${userId}`;
  return { server, agent, customer, id, user };
}

/** Bea is consulted by Ada, and has joined. */
async function consulting(options: SimulatorOptions = {}) {
  const chat = await chatting(options);
  const colleague = await sit(chat.server, 'bea');
  const reply = await chat.agent.operate(chat.id, 'Consult', { targetUri: chat.user(bea.id) });
  await colleague.until(inState('Invited'));
  await colleague.operate(chat.id, 'Accept', { nickname: 'Bea' });
  await colleague.until(inState('Chatting'));
  await chat.agent.until((event) => nicknamesOf(event).length === 4);
  return { ...chat, colleague, reply };
}

const nicknamesOf = (event: Record<string, unknown>): string[] =>
  ((interactionOf(event)?.['participants'] ?? []) as { nickname: string }[]).map(({ nickname }) => nickname);

const messagesOf = ({ events }: Desk): Record<string, unknown>[] =>
  events.flatMap(({ messages }) => (messages ?? []) as Record<string, unknown>[]);

const line =
  (part: object) =>
  ({ messages }: Record<string, unknown>): boolean =>
    ((messages ?? []) as object[]).some((message) =>
      Object.entries(part).every(([key, value]) => (message as Record<string, unknown>)[key] === value),
    );

describe('gws-8.5.2 tells', () => {
  it('the invitation as a chat', async () => {
    const server = await start();
    const agent = await sit(server, 'ada');
    const { chatId: id } = server.arrive(waiting);
    expect(await agent.until(inState('Invited'))).toEqual({
      messageType: 'ChatStateChangeMessage',
      notificationType: 'StatusChange',
      chat: {
        id,
        state: 'Invited',
        chatType: 'Inbound',
        receivedDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000$/),
        uri: `${server.url}/api/v2/chats/${id}`,
        path: `/chats/${id}`,
        capabilities: ['Accept', 'Reject'],
        participants: [],
        userData: { FirstName: 'Mia' },
      },
    });
  });

  it('after Accept the state with its request, the participants, and a transcript that only an address names', async () => {
    const { agent, id, server } = await chatting();
    const [, state, participants, transcript] = agent.events;
    expect(state).toMatchObject({
      notificationType: 'StatusChange',
      referenceId: expect.any(Number),
      chat: { state: 'Chatting', participants: [] },
    });
    expect(interactionOf(state ?? {})['capabilities']).toEqual(
      expect.arrayContaining([
        'Transfer',
        'Leave',
        'Invite',
        'Consult',
        'Complete',
        'SendMessage',
        'SendUrl',
      ]),
    );
    expect(interactionOf(state ?? {})['capabilities']).not.toContain('SendToAgents');
    expect(participants).not.toHaveProperty('referenceId');
    expect(participants).toMatchObject({
      notificationType: 'ParticipantsUpdated',
      chat: {
        participants: [
          { type: 'Customer', nickname: 'Mia Kerr', visibility: 'All' },
          { type: 'Agent', nickname: 'Ada', path: '/users/u-ada', uri: `${server.url}/api/v2/users/u-ada` },
        ],
      },
    });
    expect(Object.keys(transcript ?? {}).sort()).toEqual(
      ['chatPath', 'chatUri', 'messageType', 'messages', 'notificationType'].sort(),
    );
    expect(transcript).toMatchObject({
      chatUri: `${server.url}/api/v2/chats/${id}`,
      chatPath: `/chats/${id}`,
      messages: [
        { index: 1, type: 'ParticipantJoined' },
        { index: 2, type: 'ParticipantJoined' },
      ],
    });
  });

  it.each([
    ['chatPath', { chatPath: false }, (log: object) => expect(log).not.toHaveProperty('chatPath')],
    [
      'participants',
      { participantShape: 'short' },
      (log: { messages: { from: object }[] }) =>
        expect(Object.keys(log.messages[0]?.from ?? {}).sort()).toEqual([
          'nickname',
          'participantId',
          'type',
        ]),
    ],
    [
      'seconds',
      { timestampUnit: 's' },
      (log: { messages: { timestampSeconds: number }[] }) =>
        expect(log.messages[0]?.timestampSeconds).toBeLessThan(1e11),
    ],
  ] as const)('transcripts otherwise by option: %s', async (_name, wire, check) => {
    const { agent } = await chatting({ wire });
    check(agent.events[3] as never);
  });

  it('no more than the samples by option', async () => {
    const { agent } = await chatting({ wire: { eventResource: 'partial' } });
    expect(Object.keys(interactionOf(agent.events[1] ?? {})).sort()).toEqual(
      ['capabilities', 'id', 'participants', 'path', 'state', 'uri'].sort(),
    );
  });

  it('the end without capabilities', async () => {
    const { agent, id } = await chatting();
    expect(await agent.operate(id, 'Complete')).toEqual({ statusCode: 0 });
    expect(interactionOf(await agent.until(inState('Completed')))).not.toHaveProperty('capabilities');
  });
});

describe('gws-8.5.2 does', () => {
  it('answer Reject with status', async () => {
    const server = await start();
    const agent = await sit(server, 'ada');
    const { chatId } = server.arrive(waiting);
    await agent.until(inState('Invited'));
    expect(await agent.operate(chatId, 'Reject')).toEqual({ status: 0 });
    expect(await agent.operate(chatId, 'Reject')).toMatchObject({ statusCode: 6 });
  });

  it('typing, messages, addresses and notices, each with an index of its own', async () => {
    const { agent, customer, id } = await chatting({ wire: { includeMessageType: true } });
    const operations: [string, object?][] = [
      ['SendStartTypingNotification'],
      ['SendStopTypingNotification'],
      ['SendMessage', { text: 'hi', messageType: 'Greeting', treatAs: 'Normal' }],
      ['SendUrl', { url: 'https://example.test/a' }],
      ['SendCustomNotice', { noticeText: 'n' }],
    ];
    for (const [name, members] of operations)
      expect(await agent.operate(id, name, members)).toEqual({ statusCode: 0 });
    await agent.until(line({ type: 'CustomNotice' }));
    expect(messagesOf(agent).slice(2)).toMatchObject([
      { index: 3, type: 'TypingStarted' },
      { index: 4, type: 'TypingStopped' },
      { index: 5, type: 'Text', text: 'hi', messageType: 'Greeting' },
      { index: 6, type: 'PushUrl', url: 'https://example.test/a' },
      { index: 7, type: 'CustomNotice', noticeText: 'n' },
    ]);
    expect(customer.seen.map(({ index }) => index)).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('consult in the same chat: the initiator appears twice, agents-only lines leave gaps for the customer', async () => {
    const { agent, colleague, customer, id, reply } = await consulting();
    expect(reply).toEqual({ statusCode: 0, referenceId: expect.any(Number) });
    const invitation = interactionOf(colleague.events.find(inState('Invited')) ?? {});
    expect(invitation).toMatchObject({ id, chatType: 'Consult' });
    expect(invitation).not.toHaveProperty('parentInteractionId');
    const both = agent.events.find((event) => nicknamesOf(event).length === 4) ?? {};
    expect(nicknamesOf(both).sort()).toEqual(['Ada', 'Ada', 'Bea', 'Mia Kerr']);
    expect(interactionOf(both)['capabilities']).toEqual(
      expect.arrayContaining(['SendToAgents', 'SendStartTypingToAgentsNotification']),
    );
    for (const [name, members] of [
      ['SendToAgents', { text: 'who?' }],
      ['SendStartTypingToAgentsNotification', {}],
      ['SendStopTypingToAgentsNotification', {}],
      ['SendCustomNoticeToAgents', { noticeText: 'n' }],
    ] as const)
      expect(await agent.operate(id, name, members)).toEqual({ statusCode: 0 });
    await colleague.operate(id, 'SendMessage', { text: 'nobody special' });
    await agent.operate(id, 'SendMessage', { text: 'back' });
    await colleague.until(line({ text: 'back' }));
    expect(messagesOf(colleague).find(({ text }) => text === 'who?')).toMatchObject({ visibility: 'Agents' });
    await expect.poll(() => customer.heard.map(({ text }) => text)).toEqual(['back']);
    expect(customer.seen.map(({ index }) => index)).toEqual([2, 9]);
  });

  it('call every chat inbound by option', async () => {
    const { colleague } = await consulting({ wire: { chatType: 'inbound' } });
    expect(interactionOf(colleague.events[0] ?? {})).toMatchObject({ chatType: 'Inbound' });
  });

  it('transfer in two steps: to the one who is consulted', async () => {
    const { agent, colleague, customer, id, user } = await consulting();
    const transfer = { targetUri: user(bea.id), text: 'Bea helps you now' };
    expect(await agent.operate(id, 'Transfer', transfer)).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
    await colleague.operate(id, 'SendMessage', { text: 'Bea here' });
    await expect
      .poll(() => customer.heard)
      .toMatchObject([
        { from: 'Ada', text: 'Bea helps you now' },
        { from: 'Bea', text: 'Bea here' },
      ]);
  });

  it('take the consultant into a conference, out of which each leaves alone', async () => {
    const { agent, colleague, customer, id, user } = await consulting();
    expect(await agent.operate(id, 'Invite', { targetUri: user(bea.id) })).toMatchObject({ statusCode: 0 });
    await colleague.operate(id, 'SendMessage', { text: 'Bea here' });
    expect(await agent.operate(id, 'Leave', { text: 'bye' })).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
    await expect.poll(() => customer.heard.map(({ text }) => text)).toEqual(['Bea here', 'bye']);
    expect(await colleague.operate(id, 'SendMessage', { text: 'still here' })).toEqual({ statusCode: 0 });
  });

  it('invite into a conference, and remove from it', async () => {
    const { server, agent, customer, id, user } = await chatting();
    const colleague = await sit(server, 'bea');
    const reply = await agent.operate(id, 'Invite', { targetUri: user(bea.id) });
    expect(reply).toEqual({ statusCode: 0, referenceId: expect.any(Number) });
    expect(interactionOf(await colleague.until(inState('Invited')))).toMatchObject({
      chatType: 'Conference',
    });
    await colleague.operate(id, 'Accept', { nickname: 'Bea' });
    await expect.poll(() => customer.seen.filter(({ type }) => type === 'ParticipantJoined')).toHaveLength(2);
    const removal = { targetUri: user(bea.id), text: 'thanks, Bea' };
    expect(await agent.operate(id, 'RemoveParticipantFromConference', removal)).toEqual({ statusCode: 0 });
    await colleague.until(inState('Completed'));
    expect(await agent.operate(id, 'SendMessage', { text: 'us two again' })).toEqual({ statusCode: 0 });
  });

  it('report an invitation to a conference that was turned down', async () => {
    const { server, agent, id, user } = await chatting();
    const colleague = await sit(server, 'bea');
    await agent.operate(id, 'Invite', { targetUri: user(bea.id) });
    await colleague.until(inState('Invited'));
    await colleague.operate(id, 'Reject');
    expect(await agent.until(({ notificationType }) => notificationType === 'Error')).toMatchObject({
      messageType: 'ChatStateChangeMessage',
      errorCode: expect.any(Number),
      errorMessage: 'the conference has failed: rejected',
      chat: { id, state: 'Chatting' },
    });
  });

  it.each([
    ['Consult', (url: string) => ({ targetUri: `${url}/api/v2/queues/Cards` }), 'Consult'],
    ['Consult', () => ({ targetPath: '/users/u-bea' }), 'Consult'],
    ['Transfer', () => ({ queueName: 'Cards' }), 'Inbound'],
    ['Transfer', (url: string) => ({ targetUri: `${url}/api/v2/users/u-bea` }), 'Transfer'],
    ['Complete', () => ({ queueName: 'Cards', saveLAR: false, text: 'a moment' }), 'Inbound'],
  ])('%s to %o', async (operation, members, chatType) => {
    const { server, agent, id } = await chatting();
    const colleague = await sit(server, 'bea');
    expect(await agent.operate(id, operation, members(server.url))).toMatchObject({ statusCode: 0 });
    expect(interactionOf(await colleague.until(inState('Invited')))).toMatchObject({ id, chatType });
  });

  it('leave alone: the work stays until Complete', async () => {
    const { agent, customer, id } = await chatting();
    expect(await agent.operate(id, 'Leave', { text: 'good bye' })).toEqual({ statusCode: 0 });
    const left = await agent.until(inState('LeftChat'));
    expect(left).toMatchObject({ referenceId: expect.any(Number) });
    expect(interactionOf(left)['capabilities']).toEqual(
      expect.arrayContaining(['Complete', 'SetDisposition', 'SetInFocus', 'UpdateUserData']),
    );
    expect(await customer.done).toMatchObject({ heard: [{ text: 'good bye' }] });
    expect(await agent.operate(id, 'SendMessage', { text: 'x' })).toMatchObject({ statusCode: 2 });
    expect(await agent.operate(id, 'SetDisposition', { disposition: 'Resolved' })).toEqual({ statusCode: 0 });
    expect(await agent.operate(id, 'Complete')).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
  });

  it('change the data of the chat, and tell all of it', async () => {
    const { agent, id } = await chatting();
    for (const [name, members] of [
      ['AttachUserData', { userData: { Segment: 'gold', Age: 7 } }],
      ['UpdateUserData', { userData: { Age: 8 } }],
      ['SetDisposition', { disposition: 'Resolved', dispositionKey: 'Code' }],
      ['DeleteUserData', { keys: ['LastName'] }],
      ['SetInFocus', {}],
    ] as const)
      expect(await agent.operate(id, name, members)).toEqual({ statusCode: 0 });
    const isChange = ({ notificationType }: Record<string, unknown>) =>
      notificationType === 'PropertiesUpdated';
    await agent.until(() => agent.events.filter(isChange).length === 4);
    const last = agent.events.filter(isChange).at(-1) ?? {};
    expect(last).toMatchObject({ referenceId: expect.any(Number) });
    expect(interactionOf(last)['userData']).toEqual({
      FirstName: 'Mia',
      Segment: 'gold',
      Age: 8,
      Code: 'Resolved',
    });
  });

  it('operate on /chats too, where samples show it', async () => {
    const { agent, customer, id } = await chatting();
    expect(await agent.post(`/chats/${id}`, { operationName: 'SendMessage', text: 'hi' })).toEqual({
      statusCode: 0,
    });
    await expect.poll(() => customer.heard).toHaveLength(1);
  });
});

describe('gws-8.5.2 can be read', () => {
  const json = async (agent: Desk, path: string) =>
    (await (await agent.get(path)).json()) as Record<string, unknown>;

  it('as addresses, whole, one by one, and with the user', async () => {
    const { server, agent, id } = await chatting();
    const whole = { id, state: 'Chatting', participants: [{}, {}], userData: { FirstName: 'Mia' } };
    expect(await json(agent, '/me/chats')).toEqual({
      statusCode: 0,
      uris: [`${server.url}/api/v2/chats/${id}`],
    });
    expect(await json(agent, '/me/chats?fields=*')).toMatchObject({ statusCode: 0, chats: [whole] });
    expect(await json(agent, `/me/chats/${id}`)).toMatchObject({ statusCode: 0, chat: whole });
    expect(await json(agent, '/me?subresources=*')).toMatchObject({
      user: { chats: [whole], interactions: [] },
    });
    expect(await json(agent, '/me/chats/x')).toMatchObject({ statusCode: 6 });
  });

  it('by pages of the transcript, once the agent has joined', async () => {
    const { agent, id } = await chatting();
    for (const text of ['a', 'b', 'c']) await agent.operate(id, 'SendMessage', { text });
    expect(await json(agent, `/me/chats/${id}/messages?startIndex=3&count=2`)).toMatchObject({
      statusCode: 0,
      messages: [
        { index: 3, text: 'a' },
        { index: 4, text: 'b' },
      ],
    });
    expect((await json(agent, `/me/chats/${id}/messages`))['messages']).toHaveLength(5);
    expect(await json(agent, `/me/chats/${id}/messages?startIndex=x`)).toMatchObject({ statusCode: 1 });
  });

  it('not before', async () => {
    const server = await start();
    const agent = await sit(server, 'ada');
    const { chatId } = server.arrive(waiting);
    await agent.until(inState('Invited'));
    expect(await json(agent, `/me/chats/${chatId}/messages`)).toMatchObject({ statusCode: 2 });
  });
});

describe('gws-8.5.2, strict, refuses', () => {
  const cases: readonly [string, object, number, RegExp][] = [
    ['StopProcessing', {}, 1, /not known/],
    ['InFocus', {}, 1, /not known/],
    ['sendMessage', { text: 'a' }, 1, /not known/],
    ['Accept', { nickname: 'Ada', saveLAR: 'yes' }, 1, /saveLAR must be true or false/],
    ['Accept', { nickname: 'Ada' }, 2, /not possible in state Chatting/],
    ['SendMessage', { text: 'a', treatAs: 'Loud' }, 1, /treatAs must be Normal or System/],
    ['SendStartTypingNotification', { notifcation: 'TypingStarted' }, 1, /notifcation is not a member/],
    ['SendToAgents', { text: 'a' }, 2, /not possible/],
    ['Leave', { treatAs: 'Normal' }, 1, /treatAs comes only with text/],
    ['Transfer', { agentId: 'u-bea' }, 1, /agentId is not a member/],
    ['Transfer', {}, 1, /targetUri or queueName is missing/],
    ['Transfer', { targetPath: '/users/u-bea', queueName: 'Cards' }, 1, /exclude each other/],
    ['Transfer', { queueName: 'Nothing' }, 6, /no agent has skill Nothing/],
    ['Consult', { targetUri: '/users/u-bea' }, 1, /targetUri must look like http/],
    ['Consult', { targetPath: 'u-bea' }, 1, /targetPath must look like/],
    ['Consult', { targetPath: '/users/%E0%A4%A' }, 1, /targetPath must look like/],
    ['Consult', { targetPath: '/users/nobody' }, 6, /nobody is not found/],
    ['Consult', { targetPath: '/queues/Cards' }, 2, /nobody with skill Cards is available/],
    ['UpdateUserData', { userData: ['a'] }, 1, /userData must be an object/],
    ['DeleteUserData', {}, 1, /keys is missing/],
    ['SetDisposition', {}, 1, /disposition is missing/],
    ['RemoveParticipantFromConference', { targetPath: '/users/u-bea' }, 2, /not possible/],
  ];

  it.each(cases)('%s %o with %i', async (operationName, members, code, message) => {
    const { agent, id } = await chatting();
    expect(await agent.operate(id, operationName, members)).toEqual({
      statusCode: code,
      statusMessage: expect.stringMatching(message),
    });
  });

  it('less when it is not strict', async () => {
    const { agent, id, server } = await chatting({ wire: { strict: false } });
    await sit(server, 'bea');
    expect(await agent.operate(id, 'SendMessage', { text: 'a', colour: 'red' })).toEqual({ statusCode: 0 });
    expect(await agent.operate(id, 'Consult', { targetUri: '/users/u-bea' })).toMatchObject({
      statusCode: 0,
    });
  });
});
