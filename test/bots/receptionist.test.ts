import {
  accept,
  completeTransfer,
  type ExpectedOperation,
  leaveConsultation,
  marbles,
  on,
  says,
  sendMessage,
  sendTyping,
  startConsultation,
  stopProcessing,
} from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { autoGreeter } from '../../bots/auto-greeter.ts';
import { receptionist } from '../../bots/receptionist.ts';

const states = { c: 'Chatting', x: 'Completed', r: 'Revoked' } as const;
const present = {
  a: ['agent', 'customer'],
  k: ['agent', 'customer', 'colleague'],
  g: ['agent'],
} as const satisfies Record<string, readonly ('agent' | 'customer' | 'colleague')[]>;
const lines = {
  o: says('customer', 'When do you open?'),
  h: says('customer', 'Can I talk to a human?'),
  b: says('customer', 'both: a human, and are you open?'),
  k: says('colleague', 'Cora here'),
};
const bot = receptionist({
  greeting: 'Hello.',
  answers: [{ when: ['open'], reply: 'At 8.' }],
  colleague: 'cora',
  patience: 100,
  pace: { minimum: 10, maximum: 10 },
});
const values: Record<string, ExpectedOperation> = {
  a: accept(),
  t: sendTyping(true),
  s: sendTyping(false),
  G: sendMessage('Hello.'),
  O: sendMessage('At 8.'),
  Q: sendMessage('One moment please, I will ask a colleague to join us.'),
  F: sendMessage('I am sorry, none of my colleagues is free right now. What else can I do for you?'),
  J: sendMessage('My colleague takes over now. Goodbye, and thank you!'),
  S: startConsultation({ agentId: 'cora' }),
  L: leaveConsultation(),
  T: completeTransfer(),
  w: stopProcessing(),
};

describe('receptionist', () => {
  it('goes on when nobody comes, and answers again', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       -c', states),
        participants$: hot('-a', present),
        messages$: hot('    - 49ms h 199ms o', lines),
      });
      const expected = '    at 9ms (sG) 35ms t 9ms (sQS) 95ms (Lt) 6ms (sF) 76ms t 9ms (sO)';

      expectOperations(bot.plugins, chat).toBe(expected, values);
    }));

  it('does what it is asked in one message: answers it, and fetches the colleague', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       -c', states),
        participants$: hot('-a 148ms k', present),
        messages$: hot('    - 49ms b', lines),
      });
      const expected = '    at 9ms (sG) 35ms t 9ms (sOt) 5ms (sQS) 75ms t 9ms (sJT)';

      expectOperations(bot.plugins, chat).toBe(expected, values);
    }));

  it('leaves a customer in peace who leaves before the greeting, and finishes', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       -c', states),
        participants$: hot('-a---g', present),
      });
      const expected = '    at 9ms (sGw)';

      expectOperations(bot.plugins, chat).toBe(expected, values);
    }));

  it('greets the chat it has, and not the one that was taken back', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const gone = interaction({ id: 'gone', state$: hot('  -----r----', states) });
      const taken = interaction({ id: 'taken', state$: hot(' ------c---', states) });
      const expected = '                                  (12)--G---';

      const { plugins } = autoGreeter({ text: 'Hello.' });
      expectOperations(plugins, [gone, taken]).toBe(expected, {
        1: on('gone', accept()),
        2: on('taken', accept()),
        G: on('taken', sendMessage('Hello.')),
      });
    }));

  it('says nothing more once the colleague has the word', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c', states),
        messages$: hot('- 49ms k 9ms o 9ms h', lines),
      });
      const expected = 'at 9ms (sG)';

      expectOperations(bot.plugins, chat).toBe(expected, values);
    }));

  it('ends in silence with the chat', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c 48ms x', states),
        messages$: hot('- 44ms o', lines),
      });
      const expected = 'at 9ms (sG) 30ms t';

      expectOperations(bot.plugins, chat).toBe(expected, values);
    }));

  it('has its plugins in the order of the work', () => {
    expect(bot.plugins.map(({ name }) => name)).toEqual([
      'auto-accept',
      'greeter',
      'typing',
      'answers',
      'hand-off',
      'wrap-up',
    ]);
  });
});
