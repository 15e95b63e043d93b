import {
  accept,
  leaveConsultation,
  marbles,
  on,
  says,
  sendMessage,
  sendTyping,
  startConsultation,
  stopProcessing,
  transfer,
} from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { answers } from '../../plugins/answers.ts';
import { autoAccept } from '../../plugins/auto-accept.ts';
import { greeter } from '../../plugins/greeter.ts';
import { handOff } from '../../plugins/hand-off.ts';
import { handOver } from '../../plugins/hand-over.ts';
import { typing } from '../../plugins/typing.ts';
import { wrapUp } from '../../plugins/wrap-up.ts';

const states = { c: 'Chatting', x: 'Completed', r: 'Revoked' } as const;
const present = { a: ['agent', 'customer'], g: ['agent'] } as const satisfies Record<
  string,
  readonly ('agent' | 'customer')[]
>;
const lines = {
  o: says('customer', 'Are you open?'),
  h: says('customer', 'a human please'),
  k: says('colleague', 'Cora here'),
};
const [t, s] = [sendTyping(true), sendTyping(false)];
const [G, O, F] = [sendMessage('Hello'), sendMessage('Always.'), sendMessage('Nobody is free.')];
const hello = greeter({ text: 'Hello' });
const replies = answers({ answers: [{ when: 'open', reply: 'Always.' }] });
const typed = typing({ minimum: 10, maximum: 10 });

describe('greeter, answers and typing', () => {
  it('greet first and answer then, though the question comes before the greeting has left', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c----', states),
        messages$: hot('--o---', lines),
      });
      const expected = '-t 9ms (sGt) 5ms (sO)';

      expectOperations([replies, hello, typed], chat).toBe(expected, { t, s, G, O });
    }));

  it('leave a chat at once that ends while they type', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c--x-', states),
        messages$: hot('--o---', lines),
      });
      const expected = '-t----';

      expectOperations([replies, hello, typed], chat).toBe(expected, { t });
    }));

  it('take the sign off when a colleague takes the word, and say nothing more', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   c-------', states),
        messages$: hot('-o-k-o--', lines),
      });
      const expected = '-t-s----';

      expectOperations([replies, typed], chat).toBe(expected, { t, s });
    }));

  it('send the message when GWS refuses the sign', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const outcomes = { sendTyping: { kind: 'refused', status: 3 } } as const;
      const chat = interaction({ outcomes, state$: hot('-c', states) });
      const expected = '-t 9ms (sG)';

      expectOperations([hello, typed], chat).toBe(expected, { t, s, G });
    }));

  it('hold the message up for a second at most while the answer to the sign is lost', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const outcomes = { sendTyping: { kind: 'unknown', reason: 'no-reply' } } as const;
      const chat = interaction({ outcomes, state$: hot('-c', states) });
      // The sign goes out again until somebody answers to it.
      const expected = '-t 9ms s 249ms s 499ms s 249ms G 749ms s 1999ms s 3999ms s';

      expectOperations([hello, typed], chat).toBe(expected, { t, s, G });
    }));
});

describe('consult and typing', () => {
  it('leave the consultation before they say that nobody comes', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c----', states),
        participants$: hot('a----', present),
        messages$: hot('    -h---', lines),
      });
      const expected = '    -S 49ms (Lt) 6ms (sF)';

      const plugin = handOff({
        to: { agentId: 'cora' },
        on: ['human'],
        within: 50,
        fallback: { text: 'Nobody is free.' },
      });
      const values = { S: startConsultation({ agentId: 'cora' }), L: leaveConsultation(), t, s, F };
      expectOperations([plugin, typed], chat).toBe(expected, values);
    }));
});

describe('hand-over, typing and wrap-up', () => {
  it('transfer once the greeting has been typed, and finish what is left', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c', states),
        participants$: hot('a 29ms g', present),
      });
      const expected = '    t 9ms (sGT) 995ms w';

      const to = { skill: 'Cards' };
      const values = { t, s, G, T: transfer(to), w: stopProcessing() };
      expectOperations([hello, handOver({ to }), typed, wrapUp()], chat).toBe(expected, values);
    }));
});

describe('auto-accept and greeter', () => {
  it('serve several chats at once, each for itself', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('  -----c---', states) });
      const two = interaction({ id: 'two', state$: hot('  -------c-', states) });
      const gone = interaction({ id: 'gone', state$: hot(' ------r--', states) });
      const expected = '                                (123)c-d-';

      expectOperations([autoAccept(), hello], [one, two, gone]).toBe(expected, {
        1: on('one', accept()),
        2: on('two', accept()),
        3: on('gone', accept()),
        c: on('one', G),
        d: on('two', G),
      });
    }));
});
