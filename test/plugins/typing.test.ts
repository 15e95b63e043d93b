import { marbles, on, says, sendMessage, sendTyping } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { answers } from '../../plugins/answers.ts';
import { greeter } from '../../plugins/greeter.ts';
import { typing } from '../../plugins/typing.ts';

const states = { c: 'Chatting', x: 'Completed' } as const;
const [t, s] = [sendTyping(true), sendTyping(false)];
const pace = { charactersPerSecond: 100, minimum: 20, maximum: 100 };

describe('typing', () => {
  it('is shown for as long as the message takes, and off before it leaves', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });
      const expected = '                      -t 49ms (sg)';

      expectOperations([typing(pace), greeter({ text: 'Hello' })], chat).toBe(expected, {
        t,
        s,
        g: sendMessage('Hello'),
      });
    }));

  it.each([
    ['at least the minimum', 'Hi', '-t 19ms (sg)'],
    ['at most the maximum', 'Good morning to everybody', '-t 99ms (sg)'],
  ])('takes %s', (_what, text, expected) =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });

      expectOperations([typing(pace), greeter({ text })], chat).toBe(expected, {
        t,
        s,
        g: sendMessage(text),
      });
    }),
  );

  it('reads first what the customer has written, if told to', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   c', states),
        messages$: hot('-a', { a: says('customer', '12345') }),
      });
      const expected = '- 50ms t 19ms (sA)';

      const reply = answers({ answers: [{ when: 'x', reply: 'A' }], otherwise: 'A' });
      expectOperations([typing({ ...pace, reading: 100 }), reply], chat).toBe(expected, {
        t,
        s,
        A: sendMessage('A'),
      });
    }));

  it('varies by the seed, and always alike', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });
      const varying = typing({ ...pace, maximum: 1_000, jitter: 0.5, seed: 'a' });
      const expected = '-t 187ms (sg)';

      const text = 'Good morning to everybody';
      expectOperations([varying, greeter({ text })], chat).toBe(expected, { t, s, g: sendMessage(text) });
    }));

  it('gives the sign again before it goes stale', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });
      const long = typing({ minimum: 20_000, maximum: 20_000 });
      const expected = '-t 7999ms t 7999ms t 3999ms (sg)';

      expectOperations([long, greeter({ text: 'Hello' })], chat).toBe(expected, {
        t,
        s,
        g: sendMessage('Hello'),
      });
    }));

  it('keeps the order of the messages', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   c-----', states),
        messages$: hot('-ab---', { a: says('customer', 'a'), b: says('customer', 'b') }),
      });
      const expected = '-t 19ms (sAt) 15ms (sB)';

      const replies = answers({ answers: ['a', 'b'].map((when) => ({ when, reply: when.toUpperCase() })) });
      expectOperations([typing(pace), replies], chat).toBe(expected, {
        t,
        s,
        A: sendMessage('A'),
        B: sendMessage('B'),
      });
    }));

  it('is for one chat only: two chats type at the same time', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('-c', states) });
      const two = interaction({ id: 'two', state$: hot('-----------c', states) });
      const expected = '                                -t 9ms T 9ms (sg) 6ms (SG)';

      expectOperations([typing(pace), greeter({ text: 'Hi' })], [one, two]).toBe(expected, {
        t: on('one', t),
        s: on('one', s),
        g: on('one', sendMessage('Hi')),
        T: on('two', t),
        S: on('two', s),
        G: on('two', sendMessage('Hi')),
      });
    }));

  it('is not shown for a message that is not sent: the greeting that was said before', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });
      const expected = '                      -t 19ms (sg)';

      const plugins = [typing(pace), greeter({ text: 'Hi' }), greeter({ text: 'Hi' })];
      expectOperations(plugins, chat).toBe(expected, { t, s, g: sendMessage('Hi') });
    }));

  it('ends with the chat', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c---x', states) });
      const expected = '                      -t----';

      expectOperations([typing(pace), greeter({ text: 'Hi' })], chat).toBe(expected, { t });
    }));

  it('goes off when the message is cancelled while the chat goes on', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c----', states),
        messages$: hot('--q-c-', { q: says('customer', 'a'), c: says('colleague', 'I take over') }),
      });
      const expected = '--t-s-';

      const replies = answers({ answers: [{ when: 'a', reply: 'A' }] });
      expectOperations([typing(pace), replies], chat).toBe(expected, { t, s });
    }));
});
