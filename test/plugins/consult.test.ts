import {
  completeConference,
  completeTransfer,
  leaveConsultation,
  marbles,
  says,
  sendMessage,
  startConsultation,
} from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { consult } from '../../plugins/consult.ts';

const states = { c: 'Chatting', x: 'Completed' } as const;
const lines = {
  h: says('customer', 'a HUMAN please'),
  u: says('customer', 'hello'),
  k: says('colleague', 'Cora here'),
};
const present = {
  a: ['agent', 'customer'],
  k: ['agent', 'customer', 'colleague'],
} as const satisfies Record<string, readonly ('agent' | 'customer' | 'colleague')[]>;
const to = { agentId: 'cora' };
const texts = { asking: 'One moment.', joined: 'Goodbye.', fallback: 'Nobody is free.' };
const say = { q: sendMessage('One moment.'), g: sendMessage('Goodbye.'), f: sendMessage('Nobody is free.') };
const operations = {
  ...say,
  S: startConsultation(to),
  T: completeTransfer(),
  C: completeConference(),
  L: leaveConsultation(),
};
const plugin = (options = {}) => consult({ to, on: ['human'], within: 100, texts, ...options });

describe('consult', () => {
  it.each([
    ['transfer', '--(qS)  (gT)'],
    ['conference', '--(qS)  (gC)'],
  ] as const)('fetches a colleague on a phrase and completes as %s', (completeAs, expected) =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c-----', states),
        messages$: hot('    -uh---', { ...lines }),
        participants$: hot('a-----k', present),
      });

      expectOperations(plugin({ completeAs }), chat).toBe(expected.replace('  ', ''), operations);
    }),
  );

  it('says nothing it was not given a text for', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c----', states),
        messages$: hot('    -h---', lines),
        participants$: hot('a--k-', present),
      });
      const expected = '    -S-T-';

      expectOperations(plugin({ texts: { fallback: 'Nobody is free.' } }), chat).toBe(expected, operations);
    }));

  it('fetches a colleague by rule as soon as the agent has joined', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        userData: { Segment: 'gold' },
        state$: hot('       -c----', states),
        participants$: hot('-a--k-', present),
      });
      const expected = '    -S--T-';

      const options = {
        on: [],
        when: { userData: { Segment: 'gold' } },
        texts: { fallback: 'Nobody is free.' },
      };
      expectOperations(plugin(options), chat).toBe(expected, operations);
    }));

  it('falls back when nobody comes in time, and may be asked again', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c------', states),
        messages$: hot('    -h 198ms h', lines),
        participants$: hot('a------', present),
      });
      const expected = '    -S 99ms (Lf) 95ms S 99ms (Lf)';

      expectOperations(plugin({ texts: { fallback: 'Nobody is free.' } }), chat).toBe(expected, operations);
    }));

  it('asks once, however often the customer does', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c------', states),
        messages$: hot('    -hhh---', lines),
        participants$: hot('a----k-', present),
      });
      const expected = '    -S---T-';

      expectOperations(plugin({ texts: { fallback: 'Nobody is free.' } }), chat).toBe(expected, operations);
    }));

  it('falls back at once when GWS refuses the consultation', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        outcomes: { startConsultation: { kind: 'refused', status: 2 } },
        state$: hot('   c---', states),
        messages$: hot('-h--', lines),
      });
      const expected = '-(qSf)';

      expectOperations(plugin(), chat).toBe(expected, operations);
    }));

  it('falls back when GWS reports a failure later, and leaves nothing', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   c-------', states),
        messages$: hot('-h------', lines),
        errors$: hot('  -----e--', { e: 'the colleague has refused' }),
      });
      const expected = '-S---f--';

      expectOperations(plugin({ texts: { fallback: 'Nobody is free.' } }), chat).toBe(expected, operations);
    }));

  it('falls back when the completion is refused', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        outcomes: { completeTransfer: { kind: 'refused', status: 2 } },
        state$: hot('       c----', states),
        messages$: hot('    -h---', lines),
        participants$: hot('a--k-', present),
      });
      const expected = '    -S-(TLf)';

      expectOperations(plugin({ texts: { fallback: 'Nobody is free.' } }), chat).toBe(expected, operations);
    }));

  it('stops when the customer leaves and the chat ends', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c---x', states),
        messages$: hot('    -h---', lines),
        participants$: hot('a----', present),
      });
      const expected = '    -S---';

      expectOperations(plugin({ texts: { fallback: 'Nobody is free.' } }), chat).toBe(expected, operations);
    }));

  it('does not ask once a colleague has the word', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c----', states), messages$: hot('-k-h-', lines) });
      const expected = '                                                       -----';

      expectOperations(plugin(), chat).toBe(expected);
    }));

  it('does not answer history', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('--c--', states), messages$: hot('-h---', lines) });
      const expected = '                                                       -----';

      expectOperations(plugin(), chat).toBe(expected);
    }));

  it('must be told what calls for the colleague', () => {
    expect(() => consult({ to, texts })).toThrow(
      'options.on: or `when` must say what calls for the colleague',
    );
  });
});
