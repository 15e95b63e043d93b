import type { SimulatorOptions } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { bea, desk, gws, inState, interactionOf } from '../desk.ts';
import { chatting } from './chatting.ts';

const accept = { nickname: 'Ada' };

/** A chat rings at Ada's; Bea is Ready too. */
async function ringing(options: SimulatorOptions = {}) {
  const collection = options.dialect === 'gws-8.5.2' ? ('chats' as const) : ('interactions' as const);
  const server = await gws({ cometd: { timeout: 100 }, ...options });
  const agent = await desk(server, 'ada', { collection });
  const { chatId: id } = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
  await agent.until(inState('Invited'));
  const colleague = await desk(server, 'bea', { collection });
  return { server, agent, colleague, id };
}

describe.each(['gws-8.5.0', 'gws-8.5.2'] as const)('a fault of conversations in %s', (dialect) => {
  it('revokeDuringAccept: refused, revoked, and offered to somebody else', async () => {
    const { server, agent, colleague, id } = await ringing({ dialect });
    server.faults.plan({ kind: 'revokeDuringAccept' });
    const reply = await agent.operate(id, 'Accept', accept);
    expect([2, 6]).toContain(reply['statusCode']);
    expect(server.faults.injected).toMatchObject([
      { kind: 'revokeDuringAccept', operation: 'Accept', detail: `statusCode ${reply['statusCode']}` },
    ]);
    await agent.until(inState('Revoked'));
    await colleague.until(inState('Invited'));
    expect(await agent.operate(id, 'Accept', accept)).toMatchObject({ statusCode: 6 });
  });

  it('joinFailed: accepted in vain; the work must be completed, the chat goes to somebody else', async () => {
    const { server, agent, colleague, id } = await ringing({ dialect });
    server.faults.plan({ kind: 'joinFailed' });
    expect(await agent.operate(id, 'Accept', accept)).toEqual({ statusCode: 0 });
    const complete = dialect === 'gws-8.5.2' ? 'Complete' : 'StopProcessing';
    expect(interactionOf(await agent.until(inState('JoinFailed')))['capabilities']).toContain(complete);
    expect(await agent.operate(id, 'SendMessage', { text: 'a' })).toMatchObject({ statusCode: 2 });
    const invitation = interactionOf(await colleague.until(inState('Invited')));
    await colleague.operate(invitation.id, 'Accept', { nickname: 'Bea' });
    await colleague.until(inState('Chatting'));
    expect(await agent.operate(id, complete)).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
    expect(await colleague.operate(invitation.id, 'SendMessage', { text: 'a' })).toEqual({ statusCode: 0 });
  });
});

describe('a fault of conversations', () => {
  it('joinFailed: the same agent is asked again once it has completed', async () => {
    const { server, agent, colleague, id } = await ringing({ dialect: 'gws-8.5.2' });
    await colleague.post('/me/channels/chat', { operationName: 'NotReady' });
    server.faults.plan({ kind: 'joinFailed' });
    await agent.operate(id, 'Accept', accept);
    await agent.until(inState('JoinFailed'));
    const invitations = (): number => agent.events.filter(inState('Invited')).length;
    await agent.operate(id, 'Complete');
    await agent.until(() => invitations() === 2);
  });

  it('joinFailed of a consultation is told to who asked for it', async () => {
    const { server, agent, id, plan } = await chatting();
    const colleague = await desk(server, 'bea');
    await agent.operate(id, 'StartChatConsultation', { agentId: bea.id });
    const invitation = interactionOf(await colleague.until(inState('Invited')));
    plan({ kind: 'joinFailed', username: 'bea' });
    await colleague.operate(invitation.id, 'Accept', { nickname: 'Bea' });
    await colleague.until(inState('JoinFailed'));
    expect(await agent.until(({ notificationType }) => notificationType === 'Error')).toMatchObject({
      errorMessage: expect.stringMatching(/^the consultation has failed/),
    });
    expect(await colleague.operate(invitation.id, 'StopProcessing')).toEqual({ statusCode: 0 });
    expect(await agent.operate(id, 'SendMessage', { text: 'still here' })).toEqual({ statusCode: 0 });
  });

  it('errorEvent: taken up, then reported as failed, with the number of the request', async () => {
    const { server, agent, id } = await ringing({ dialect: 'gws-8.5.2' });
    await agent.operate(id, 'Accept', accept);
    await agent.until(inState('Chatting'));
    server.faults.plan({ kind: 'errorEvent', operation: 'Consult' });
    const reply = await agent.operate(id, 'Consult', { targetPath: '/users/u-bea' });
    expect(reply).toEqual({ statusCode: 0, referenceId: expect.any(Number) });
    expect(await agent.until(({ notificationType }) => notificationType === 'Error')).toMatchObject({
      referenceId: reply['referenceId'],
      errorMessage: 'the operation has failed',
      chat: { id, state: 'Chatting' },
    });
    expect(server.agents[1]?.parts.size).toBe(0);
  });
});
