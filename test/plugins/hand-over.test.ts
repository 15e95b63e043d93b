import { marbles, says, sendMessage, transfer } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { greeter } from '../../plugins/greeter.ts';
import { handOver } from '../../plugins/hand-over.ts';

const states = { c: 'Chatting', x: 'Completed' } as const;
const to = { skill: 'Cards' };
const t = transfer(to);

describe('hand-over', () => {
  it('transfers after the greeting', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c--', states) });
      const expected = '                      -(gt)';

      expectOperations([greeter({ text: 'Hello' }), handOver({ to })], chat).toBe(expected, {
        g: sendMessage('Hello'),
        t,
      });
    }));

  it('transfers once, after the delay', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const lines = { a: says('agent', 'Hello'), b: says('agent', 'Well?') };
      const chat = interaction({ state$: hot('c----', states), messages$: hot('-a-b-', lines) });
      const expected = '                                                       21ms t';

      expectOperations(handOver({ to, delay: 20 }), chat).toBe(expected, { t });
    }));

  it('does not transfer for what others say', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const lines = { a: says('customer', 'Hello?'), b: says('colleague', 'Yes?') };
      const chat = interaction({ state$: hot('c----', states), messages$: hot('-a-b-', lines) });
      const expected = '                                                       -----';

      expectOperations(handOver({ to }), chat).toBe(expected);
    }));

  it('stays when the transfer is refused', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const outcomes = { transfer: { kind: 'refused', status: 6 } } as const;
      const lines = { a: says('agent', 'Hello'), b: says('agent', 'Well?') };
      const chat = interaction({ outcomes, state$: hot('c----', states), messages$: hot('-a-b-', lines) });
      const expected = '                                                                 -t---';

      expectOperations(handOver({ to }), chat).toBe(expected, { t });
    }));
});
