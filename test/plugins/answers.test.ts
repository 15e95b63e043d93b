import { marbles, on, says, sendMessage } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { answers } from '../../plugins/answers.ts';

const states = { c: 'Chatting', x: 'Completed' } as const;
const lines = {
  a: says('customer', 'When are you OPEN?'),
  b: says('customer', 'my order 4711'),
  u: says('customer', 'blah'),
  z: says('customer', 'a human please'),
  h: says('colleague', 'Hello, Cora here'),
  o: says('agent', 'we are open'),
};
const known = [
  { when: ['human'], reply: false as const },
  { when: 'open', reply: 'From 8 to 18 h, {FirstName|dear customer}.' },
  { when: /order \d+/, reply: 'It is on its way.' },
];
const open = sendMessage('From 8 to 18 h, dear customer.');
const order = sendMessage('It is on its way.');

describe('answers', () => {
  it('replies by phrase and by pattern, and is silent otherwise', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c-----', states), messages$: hot('-a-b-u', lines) });
      const expected = '                                                        -A-B--';

      expectOperations(answers({ answers: known }), chat).toBe(expected, { A: open, B: order });
    }));

  it('has a reply for the rest if told so, but none for what is left to others', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c---', states), messages$: hot('-u-z', lines) });
      const expected = '                                                      -U--';

      const plugin = answers({ answers: known, otherwise: 'Pardon?' });
      expectOperations(plugin, chat).toBe(expected, { U: sendMessage('Pardon?') });
    }));

  it('does not answer what was said before the agent joined', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('---c---', states), messages$: hot('-a---b-', lines) });
      const expected = '                                                         -----B-';

      expectOperations(answers({ answers: known }), chat).toBe(expected, { B: order });
    }));

  it('answers it if told so', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('---c---', states), messages$: hot('-a---b-', lines) });
      const expected = '                                                         ---A-B-';

      expectOperations(answers({ answers: known, history: true }), chat).toBe(expected, {
        A: open,
        B: order,
      });
    }));

  it('does not answer itself', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c---', states), messages$: hot('-o--', lines) });
      const expected = '                                                      ----';

      expectOperations(answers({ answers: known }), chat).toBe(expected);
    }));

  it('is silent once a colleague speaks to the customer', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c-----', states), messages$: hot('-a-h-b', lines) });
      const expected = '                                                        -A----';

      expectOperations(answers({ answers: known }), chat).toBe(expected, { A: open });
    }));

  it('goes on after a refusal', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const outcomes = { sendMessage: { kind: 'refused', status: 2 } } as const;
      const chat = interaction({ outcomes, state$: hot('c----', states), messages$: hot('-a-b-', lines) });
      const expected = '                                                                 -A-B-';

      expectOperations(answers({ answers: known }), chat).toBe(expected, { A: open, B: order });
    }));

  it('does not mix two chats', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('c-----', states), messages$: hot('-a----', lines) });
      const two = interaction({ id: 'two', state$: hot('c-----', states), messages$: hot('--b-a-', lines) });
      const expected = '                                                                  -ab-c-';

      expectOperations(answers({ answers: known }), [one, two]).toBe(expected, {
        a: on('one', open),
        b: on('two', order),
        c: on('two', open),
      });
    }));
});
