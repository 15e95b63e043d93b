import type { CustomerScript } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { ada, bea, desk, gws, inState, interactionOf } from './desk.ts';

const waiting: CustomerScript = { firstName: 'Mia', steps: [{ pause: 60_000 }] };

/** An agent in a chat with a customer. */
async function chatting(options: Parameters<typeof gws>[0] = {}) {
  const server = await gws(options);
  const agent = await desk(server, 'ada');
  const customer = server.arrive(waiting);
  await agent.until(inState('Invited'));
  const id = customer.chatId;
  await agent.operate(id, 'Accept', { nickname: 'Ada' });
  await agent.until(({ messageType }) => messageType === 'MessageLogUpdated');
  return { server, agent, customer, id };
}

describe('the simulator, asked for an operation', () => {
  it('invites with state, kind, capabilities and user data', async () => {
    const server = await gws();
    const agent = await desk(server, 'ada');
    server.arrive({ ...waiting, lastName: 'Kerr', subject: 'Card', userData: { Segment: 'gold' } });
    expect(interactionOf(await agent.until(inState('Invited')))).toMatchObject({
      interactionType: 'Inbound',
      capabilities: ['Accept', 'Reject'],
      participants: [],
      userData: { FirstName: 'Mia', LastName: 'Kerr', Subject: 'Card', Segment: 'gold' },
    });
  });

  it('tells after Accept the state without participants, then the participants, then the transcript', async () => {
    const { agent } = await chatting();
    const told = agent.events.slice(1).map((event) => event['notificationType']);
    expect(told).toEqual(['StatusChange', 'ParticipantsUpdated', 'NewMessages']);
    expect(agent.events[1]).toMatchObject({ interaction: { state: 'Chatting', participants: [] } });
    expect(agent.events[2]).toMatchObject({
      interaction: {
        participants: [
          { type: 'Customer', nickname: 'Mia' },
          { type: 'Agent', nickname: 'Ada', path: '/users/u-ada' },
        ],
      },
    });
    expect(agent.events[3]).toMatchObject({
      messages: [
        { index: 1, type: 'ParticipantJoined', from: { nickname: 'Mia' } },
        { index: 2, type: 'ParticipantJoined', from: { nickname: 'Ada' } },
      ],
    });
  });

  it('shows a message to the customer and to its sender, and counts typing in the transcript', async () => {
    const { agent, customer, id } = await chatting();
    expect(await agent.operate(id, 'SendNotification', { notifcation: 'TypingStarted' })).toEqual({
      statusCode: 0,
    });
    expect(await agent.operate(id, 'SendMessage', { text: 'Grüße 👋' })).toEqual({ statusCode: 0 });
    const own = await agent.until(({ messages }) => JSON.stringify(messages ?? '').includes('Grüße'));
    expect(own).toMatchObject({
      messages: [{ index: 4, type: 'Text', text: 'Grüße 👋', visibility: 'All' }],
    });
    expect(customer.heard).toMatchObject([{ from: 'Ada', text: 'Grüße 👋' }]);
  });

  it('sends the transcript again from an event on', async () => {
    const { agent, id } = await chatting();
    await agent.operate(id, 'SendMessage', { text: 'one' });
    const before = agent.events.length;
    expect(await agent.operate(id, 'RequestChatHistory', { eventId: '2' })).toEqual({ statusCode: 0 });
    await agent.until((event) => agent.events.indexOf(event) > before);
    expect(agent.events.at(-1)).toMatchObject({ messages: [{ index: 2 }, { index: 3, text: 'one' }] });
  });

  it('consults unseen by the customer, then transfers', async () => {
    const { server, agent, customer, id } = await chatting();
    const colleague = await desk(server, 'bea');
    expect(await agent.operate(id, 'StartChatConsultation', { agentId: bea.id })).toEqual({ status: 0 });
    const invitation = interactionOf(await colleague.until(inState('Invited')));
    expect(invitation).toMatchObject({ interactionType: 'Consult', parentInteractionId: id });
    await colleague.operate(invitation.id, 'Accept', { nickname: 'Bea' });
    const both = await agent.until(
      (event) => (interactionOf(event)?.['participants'] as unknown[] | undefined)?.length === 4,
    );
    const nicknames = (interactionOf(both)['participants'] as { nickname: string }[]).map(
      ({ nickname }) => nickname,
    );
    expect(nicknames.sort()).toEqual(['Ada', 'Ada', 'Bea', 'Mia']);
    await colleague.operate(invitation.id, 'SendMessage', { text: 'who is it?' });
    expect(await agent.operate(id, 'CompleteTransfer')).toEqual({ status: 0 });
    await agent.until(inState('Completed'));
    await colleague.operate(invitation.id, 'SendMessage', { text: 'Hello, Bea here' });
    await expect.poll(() => customer.heard).toMatchObject([{ from: 'Bea', text: 'Hello, Bea here' }]);
  });

  it('makes a conference of the consultation, and both stay', async () => {
    const { server, agent, customer, id } = await chatting();
    const colleague = await desk(server, 'bea');
    await agent.operate(id, 'StartChatConsultation', { agentId: bea.id });
    const invitation = interactionOf(await colleague.until(inState('Invited')));
    await colleague.operate(invitation.id, 'Accept', { nickname: 'Bea' });
    expect(await agent.operate(id, 'LeaveChatConsultation')).toEqual({ status: 0 });
    await agent.operate(id, 'SendMessage', { text: 'from Ada' });
    await colleague.operate(invitation.id, 'SendMessage', { text: 'from Bea' });
    await expect.poll(() => customer.heard.map(({ from }) => from)).toEqual(['Ada', 'Bea']);
  });

  it('ends a consultation that nobody has joined, under the same name', async () => {
    const { server, agent, id } = await chatting();
    const colleague = await desk(server, 'bea');
    await agent.operate(id, 'StartChatConsultation', { agentId: bea.id });
    await colleague.until(inState('Invited'));
    expect(await agent.operate(id, 'LeaveChatConsultation')).toEqual({ status: 0 });
    await colleague.until(inState('Revoked'));
  });

  it('reports a consultation that the colleague turned down', async () => {
    const { server, agent, id } = await chatting();
    const colleague = await desk(server, 'bea');
    await agent.operate(id, 'StartChatConsultation', { agentId: bea.id });
    const invitation = interactionOf(await colleague.until(inState('Invited')));
    await colleague.operate(invitation.id, 'Reject');
    expect(await agent.until(({ notificationType }) => notificationType === 'Error')).toMatchObject({
      errorMessage: 'the consultation has failed: rejected',
    });
  });

  it.each([
    ['an agent', { agentId: bea.id }],
    ['a skill', { skill: 'Cards' }],
  ])('transfers to %s in one step', async (_to, target) => {
    const { server, agent, id } = await chatting();
    const colleague = await desk(server, 'bea');
    expect(await agent.operate(id, 'Transfer', target)).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
    await colleague.until(inState('Invited'));
  });

  it('offers a rejected chat to somebody else, and an unanswered one after its time', async () => {
    const server = await gws({ invitationTimeout: 50 });
    const [one, two] = [await desk(server, 'ada'), await desk(server, 'bea')];
    const customer = server.arrive(waiting);
    await one.until(inState('Invited'));
    await one.until(inState('Revoked'));
    await two.until(inState('Invited'));
    await two.operate(customer.chatId, 'Reject');
    expect(server.operations.at(-1)).toMatchObject({ username: 'bea' });
  });

  it('lets the agent finish after the customer has left', async () => {
    const { agent, customer, id } = await chatting();
    customer.leave();
    await agent.until((event) => JSON.stringify(event).includes('ParticipantLeft'));
    expect(await agent.operate(id, 'SendMessage', { text: 'hello?' })).toMatchObject({ statusCode: 2 });
    expect(await agent.operate(id, 'StopProcessing')).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
  });
});

describe('the simulator refuses', () => {
  const cases: readonly [string, object, number, RegExp][] = [
    ['Accept', { nickname: 'Ada' }, 2, /not possible in state Chatting/],
    ['SendMessage', {}, 1, /text is missing/],
    ['SendMessage', { text: 7 }, 1, /text must be a text/],
    ['SendMessage', { text: 'a', colour: 'red' }, 1, /colour is not a member/],
    ['SendNotification', { notification: 'TypingStarted' }, 1, /notification is not a member/],
    ['SendNotification', { notifcation: 'Dancing' }, 1, /notifcation is missing/],
    ['Transfer', {}, 1, /agentId or skill is missing/],
    ['Transfer', { agentId: 'nobody' }, 6, /nobody is not found/],
    ['Transfer', { agentId: ada.id }, 3, /cannot call itself/],
    ['Transfer', { skill: 'Nothing' }, 6, /no agent has skill/],
    ['StartChatConsultation', { agentId: bea.id }, 2, /not available/],
    ['CompleteTransfer', {}, 2, /not possible/],
    ['CompleteConference', {}, 1, /not known/],
    ['Dance', {}, 1, /operation Dance is not known/],
  ];

  it.each(cases)('%s %o with %i', async (operationName, members, code, message) => {
    const { agent, id } = await chatting();
    const reply = await agent.operate(id, operationName, members);
    expect(reply['statusCode'] ?? reply['status']).toBe(code);
    expect(reply['statusMessage']).toMatch(message);
  });

  it('an interaction that is not there, and one before the session has started', async () => {
    const server = await gws();
    const early = await desk(server, 'ada', { ready: false });
    expect(await early.operate('x', 'Reject')).toMatchObject({ statusCode: 2 });
    const agent = await desk(server, 'bea');
    expect(await agent.operate('x', 'Reject')).toMatchObject({ statusCode: 6 });
  });

  it('on purpose, as often as told, and changes nothing', async () => {
    const { server, agent, customer, id } = await chatting();
    server.refuse({ operation: 'SendMessage', statusCode: 5, statusMessage: 'no', times: 2 });
    for (const status of [5, 5, 0]) {
      expect(await agent.operate(id, 'SendMessage', { text: 'a' })).toMatchObject({ statusCode: status });
    }
    await expect.poll(() => customer.heard).toHaveLength(1);
  });
});
