import { defineBot, type Plugin } from 'usher-bots';
import type { CustomerScript, Simulator } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { autoGreeter } from '../../bots/auto-greeter.ts';
import { answers } from '../../plugins/answers.ts';
import { autoAccept } from '../../plugins/auto-accept.ts';
import { greeter } from '../../plugins/greeter.ts';
import { handOff } from '../../plugins/hand-off.ts';
import { handOver } from '../../plugins/hand-over.ts';
import { typing } from '../../plugins/typing.ts';
import { wrapUp } from '../../plugins/wrap-up.ts';
import { cora, oneSeat, running, seat, simulator } from './contact-centre.ts';

/** Serves one customer with a bot of these plugins over real sockets. */
async function serve(script: CustomerScript, plugins: readonly Plugin[], gws?: Simulator) {
  const server = gws ?? (await simulator());
  const { host, entries, until } = await running(oneSeat(server.url, defineBot({ name: 'tested', plugins })));
  const result = await server.arrive(script).done;
  return {
    result,
    server,
    host,
    entries,
    until,
    operations: server.operations.map(({ operationName }) => operationName),
  };
}

describe('plugins over real sockets', () => {
  it('auto-accept takes the chat', async () => {
    const { result } = await serve({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }] }, [autoAccept()]);
    expect(result).toMatchObject({ served: true });
  });

  it('auto-accept rejects by rule, and the chat goes to somebody else', async () => {
    const server = await simulator({ agents: [seat('Ada'), seat('Bea')] });
    await running({
      server: { url: server.url },
      agents: ['Ada', 'Bea'].map((username) => ({
        username,
        password: 'correct horse',
        nickname: username,
        bots: [
          defineBot({
            name: 'picky',
            plugins: [
              autoAccept({
                rules: [
                  { when: { userData: { Subject: /spam/ } }, do: username === 'Ada' ? 'reject' : 'accept' },
                ],
              }),
            ],
          }),
        ],
      })),
    });
    const result = await server.arrive({ firstName: 'Mia', subject: 'spam', steps: [{ expectAgent: 'Bea' }] })
      .done;
    expect(result).toMatchObject({ served: true });
    expect(server.operations).toContainEqual(
      expect.objectContaining({ username: 'Ada', operationName: 'Reject', status: 0 }),
    );
  });

  it('greeter greets by name, in any script', async () => {
    const { result } = await serve({ firstName: '愛子', steps: [{ expect: 'Hello 愛子 👋, I am Ada.' }] }, [
      autoAccept(),
      greeter({ text: 'Hello {FirstName} 👋, I am {agent.nickname}.' }),
    ]);
    expect(result).toMatchObject({ served: true });
  });

  it('typing is shown before the message and ends with it', async () => {
    const { operations, until } = await serve({ firstName: 'Mia', steps: [{ expect: 'Hello' }] }, [
      autoAccept(),
      greeter({ text: 'Hello' }),
      typing({ minimum: 10, maximum: 10 }),
      wrapUp(),
    ]);
    await until(({ kind }) => kind === 'interaction-ended');
    expect(operations).toEqual(['Accept', 'SendNotification', 'SendNotification', 'SendMessage']);
  });

  it('answers replies in order', async () => {
    const { result } = await serve(
      {
        firstName: 'Mia',
        steps: [{ expectAgent: 'Ada' }, { say: 'one' }, { say: 'two' }, { say: 'three' }, { expect: '3' }],
      },
      [
        autoAccept(),
        answers({
          answers: [
            { when: 'one', reply: '1' },
            { when: 'two', reply: '2' },
            { when: 'three', reply: '3' },
          ],
        }),
      ],
    );
    expect(result.heard.map(({ text }) => text)).toEqual(['1', '2', '3']);
  });

  it.each(['transfer', 'conference'] as const)(
    'consult fetches a colleague and completes as %s',
    async (completeAs) => {
      const { result, operations } = await serve(
        {
          firstName: 'Mia',
          steps: [
            { expectAgent: 'Ada' },
            { say: 'a human please' },
            { expectAgent: 'Cora' },
            { expect: 'Cora here', from: 'Cora' },
          ],
        },
        [
          autoAccept(),
          handOff({
            to: { agentId: cora.id ?? '' },
            on: ['human'],
            mode: completeAs === 'transfer' ? 'consult' : 'conference',
            fallback: { text: 'Sorry.' },
          }),
          wrapUp(),
        ],
      );
      expect(result).toMatchObject({ served: true });
      expect(operations).toContain(completeAs === 'transfer' ? 'CompleteTransfer' : 'LeaveChatConsultation');
    },
  );

  it('consult falls back when the colleague does not answer, and may be asked again', async () => {
    const server = await simulator({
      agents: [seat('Ada'), { ...cora, human: { acceptAfter: 'never' } }],
    });
    const { result, operations } = await serve(
      {
        firstName: 'Mia',
        steps: [
          { expectAgent: 'Ada' },
          { say: 'human' },
          { expect: 'Sorry.' },
          { say: 'human!' },
          { expect: 'Sorry.' },
        ],
      },
      [
        autoAccept(),
        handOff({ to: { agentId: cora.id ?? '' }, on: ['human'], within: 50, fallback: { text: 'Sorry.' } }),
      ],
      server,
    );
    expect(result).toMatchObject({ served: true });
    expect(operations).toEqual([
      'Accept',
      'StartChatConsultation',
      'LeaveChatConsultation',
      'SendMessage',
      'StartChatConsultation',
      'LeaveChatConsultation',
      'SendMessage',
    ]);
  });

  it('consult falls back when the colleague refuses', async () => {
    const server = await simulator({
      agents: [seat('Ada'), { ...cora, human: { acceptAfter: 1, refuse: true } }],
    });
    const { result } = await serve(
      { firstName: 'Mia', steps: [{ expectAgent: 'Ada' }, { say: 'human' }, { expect: 'Sorry.' }] },
      [
        autoAccept(),
        handOff({ to: { agentId: cora.id ?? '' }, on: ['human'], fallback: { text: 'Sorry.' } }),
      ],
      server,
    );
    expect(result).toMatchObject({ served: true });
  });

  it('hand-over transfers to a skill after the greeting', async () => {
    const { result } = await serve(
      { firstName: 'Mia', steps: [{ expect: 'Hello' }, { expectAgent: 'Cora' }, { expect: 'Cora here' }] },
      [autoAccept(), greeter({ text: 'Hello' }), handOver({ to: { skill: 'Cards' } })],
    );
    expect(result).toMatchObject({ served: true });
  });

  it('wrap-up makes the agent free for the next chat', async () => {
    const server = await simulator({ agents: [seat('Ada', 1)] });
    await running(oneSeat(server.url, defineBot({ name: 'tested', plugins: [autoAccept(), wrapUp()] })));
    for (const firstName of ['Mia', 'Jonas']) {
      const result = await server.arrive({ firstName, steps: [{ expectAgent: 'Ada' }] }).done;
      expect(result).toMatchObject({ served: true });
    }
  });

  it('auto-greeter greets, hands over to the colleague and is gone', async () => {
    const server = await simulator();
    const { until } = await running(
      oneSeat(server.url, autoGreeter({ handOverTo: { agentId: cora.id ?? '' } })),
    );
    const customer = server.arrive({
      firstName: 'Mia',
      steps: [
        { expect: /Hello Mia/ },
        { expect: 'Cora here', from: 'Cora' },
        { say: 'What are your opening hours?' },
      ],
    });
    expect(await customer.done).toMatchObject({ served: true });
    await until(({ kind }) => kind === 'interaction-ended');
  });
});
