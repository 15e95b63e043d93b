import { describe, expect, it } from 'vitest';
import { bea, desk, gws, inState, interactionOf } from './desk.ts';

async function chatting() {
  const server = await gws({ dialect: 'gws-8.5.1' });
  const agent = await desk(server, 'ada');
  const customer = server.arrive({ firstName: 'Mia', steps: [{ pause: 60_000 }] });
  await agent.until(inState('Invited'));
  await agent.operate(customer.chatId, 'Accept', { nickname: 'Ada' });
  await agent.until(inState('Chatting'));
  return { server, agent, customer, id: customer.chatId };
}

describe('gws-8.5.1', () => {
  it('offers what its table names', async () => {
    const { agent } = await chatting();
    expect(interactionOf(agent.events.find(inState('Chatting')) ?? {})['capabilities']).toEqual(
      expect.arrayContaining([
        'Send',
        'SendStartTypingNotification',
        'SendStopTypingNotification',
        'SingleStepTransfer',
        'InviteUser',
        'EndChatSession',
        'Complete',
      ]),
    );
  });

  it('sends, types, ends the session and completes', async () => {
    const { agent, customer, id } = await chatting();
    for (const [name, members] of [
      ['SendStartTypingNotification', {}],
      ['SendStopTypingNotification', {}],
      ['Send', { text: 'hi' }],
      ['EndChatSession', {}],
      ['Complete', {}],
    ] as const)
      expect(await agent.operate(id, name, members)).toEqual({ statusCode: 0 });
    expect(await customer.done).toMatchObject({ heard: [{ text: 'hi' }] });
    await agent.until(inState('LeftChat'));
    await agent.until(inState('Completed'));
  });

  it('invites a user and leaves the conference', async () => {
    const { server, agent, customer, id } = await chatting();
    const colleague = await desk(server, 'bea');
    expect(await agent.operate(id, 'LeaveConference')).toMatchObject({ statusCode: 2 });
    expect(await agent.operate(id, 'InviteUser', { agentId: bea.id })).toEqual({ statusCode: 0 });
    const invitation = interactionOf(await colleague.until(inState('Invited')));
    await colleague.operate(invitation.id, 'Accept', { nickname: 'Bea' });
    expect(await agent.operate(id, 'LeaveConference')).toEqual({ statusCode: 0 });
    await agent.until(inState('Completed'));
    await colleague.operate(invitation.id, 'Send', { text: 'Bea here' });
    await expect.poll(() => customer.heard).toMatchObject([{ from: 'Bea' }]);
  });

  it('transfers in one step', async () => {
    const { server, agent, id } = await chatting();
    const colleague = await desk(server, 'bea');
    expect(await agent.operate(id, 'SingleStepTransfer', { skill: 'Cards' })).toEqual({ statusCode: 0 });
    await colleague.until(inState('Invited'));
  });

  it.each(['SendMessage', 'SendNotification', 'StopProcessing', 'Transfer', 'StartChatConsultation'])(
    'does not know %s',
    async (operation) => {
      const { agent, id } = await chatting();
      expect(await agent.operate(id, operation)).toMatchObject({ statusCode: 1 });
    },
  );

  it('tells its version', async () => {
    const { url } = await gws({ dialect: 'gws-8.5.1' });
    const version = await (await fetch(`${url}/api/v2/diagnostics/version`)).json();
    expect(version).toMatchObject({ version: expect.stringMatching(/^8\.5\.1/) });
  });
});
