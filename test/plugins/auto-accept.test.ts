import { accept, marbles, on, reject } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { autoAccept } from '../../plugins/auto-accept.ts';

const states = { i: 'Invited', c: 'Chatting', r: 'Revoked', x: 'Completed' } as const;

describe('auto-accept', () => {
  it('accepts an invitation at once', () =>
    marbles(({ interaction, expectOperations }) => {
      const chat = interaction();
      const expected = 'a';

      expectOperations(autoAccept(), chat).toBe(expected, { a: accept() });
    }));

  it('accepts after the delay', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('i 599ms c', states) });
      const expected = '                      500ms a';

      expectOperations(autoAccept({ delay: 500 }), chat).toBe(expected, { a: accept() });
    }));

  it('accepts once, however often the invitation is repeated', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('iii--ic', states) });
      const expected = '                      a------';

      expectOperations(autoAccept(), chat).toBe(expected, { a: accept() });
    }));

  it('stays silent when the invitation is taken back before the delay is over', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('i 99ms r', states) });
      const expected = '                      -';

      expectOperations(autoAccept({ delay: 500 }), chat).toBe(expected);
    }));

  it('decides by the first rule that holds', () =>
    marbles(({ interaction, expectOperations }) => {
      const vip = interaction({ id: 'vip', userData: { Segment: 'gold' } });
      const spam = interaction({ id: 'spam', userData: { Segment: 'spam' } });
      const consultation = interaction({ id: 'consultation', kind: 'consultation' });
      const expected = '(sa)';

      expectOperations(
        autoAccept({
          rules: [
            { when: { userData: { Segment: /spam/ } }, do: 'reject', reason: 'spam' },
            { when: { kind: ['consultation'] }, do: 'ignore' },
          ],
        }),
        [vip, spam, consultation],
      ).toBe(expected, { a: on('vip', accept()), s: on('spam', reject('spam')) });
    }));

  it('gives a place that becomes free to the invitation that waits longest', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('  -c----x', states) });
      const two = interaction({ id: 'two', state$: hot('  -------c----', states) });
      const three = interaction({ id: 'three' });
      const expected = '                                a-----b----';

      expectOperations(autoAccept({ capacity: 1 }), [one, two, three]).toBe(expected, {
        a: on('one', accept()),
        b: on('two', accept()),
      });
    }));

  it('rejects beyond its capacity if told so', () =>
    marbles(({ interaction, expectOperations }) => {
      const chats = [interaction({ id: 'one' }), interaction({ id: 'two' })];
      const expected = '(ra)';

      expectOperations(autoAccept({ capacity: 1, whenFull: 'reject' }), chats).toBe(expected, {
        a: on('one', accept()),
        r: on('two', reject('capacity')),
      });
    }));

  it('gives its place back when GWS refuses the acceptance', () =>
    marbles(({ interaction, expectOperations }) => {
      const lost = interaction({ id: 'lost', outcomes: { accept: { kind: 'refused', status: 2 } } });
      const next = interaction({ id: 'next' });
      const expected = '(an)';

      expectOperations(autoAccept({ capacity: 1 }), [lost, next]).toBe(expected, {
        a: on('lost', accept()),
        n: on('next', accept()),
      });
    }));
});
