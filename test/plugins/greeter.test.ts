import { marbles, on, sendMessage } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { greeter } from '../../plugins/greeter.ts';

const states = { i: 'Invited', c: 'Chatting', x: 'Completed', r: 'Revoked' } as const;
const hello = sendMessage('Hello Mia, I am Ada.');
const text = 'Hello {FirstName|there}, I am {agent.nickname}.';
const userData = { FirstName: 'Mia' };

describe('greeter', () => {
  it('greets once the agent has joined', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot('i--c--', states) });
      const expected = '                                ---g--';

      expectOperations(greeter({ text }), chat).toBe(expected, { g: hello });
    }));

  it('greets once, however often the state is repeated', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot('-c-c-cc', states) });
      const expected = '                                -g-----';

      expectOperations(greeter({ text }), chat).toBe(expected, { g: hello });
    }));

  it('greets once, also when two greeters are in the bot', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot('-c---', states) });
      const expected = '                                -g---';

      expectOperations([greeter({ text }), greeter({ text: 'Hi again' })], chat).toBe(expected, { g: hello });
    }));

  it('waits its delay', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot('-c', states) });
      const expected = '                                201ms g';

      expectOperations(greeter({ text, delay: 200 }), chat).toBe(expected, { g: hello });
    }));

  it.each(['x', 'r'])('stays silent when the chat ends before (%s)', (end) =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot(`-c 98ms ${end}`, states) });
      const expected = '                                -';

      expectOperations(greeter({ text, delay: 200 }), chat).toBe(expected);
    }),
  );

  it('greets nobody in a consultation', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ kind: 'consultation', state$: hot('-c', states) });
      const expected = '                                               --';

      expectOperations(greeter({ text }), chat).toBe(expected);
    }));

  it('does not greet again by itself when GWS refuses the greeting', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const outcomes = { sendMessage: { kind: 'refused', status: 2 } } as const;
      const chat = interaction({ userData, outcomes, state$: hot('-c---', states) });
      const expected = '                                          -g---';

      expectOperations(greeter({ text }), chat).toBe(expected, { g: hello });
    }));

  it('greets everybody by their own name', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const mia = interaction({ id: 'mia', userData, state$: hot('-c--', states) });
      const anon = interaction({ id: 'anon', state$: hot('        --c-', states) });
      const expected = '                                          -ma-';

      expectOperations(greeter({ text }), [mia, anon]).toBe(expected, {
        m: on('mia', hello),
        a: on('anon', sendMessage('Hello there, I am Ada.')),
      });
    }));
});
