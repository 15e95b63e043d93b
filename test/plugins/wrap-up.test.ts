import { marbles, stopProcessing } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { wrapUp } from '../../plugins/wrap-up.ts';

const states = { c: 'Chatting', l: 'LeftChat', j: 'JoinFailed', x: 'Completed' } as const;
const present = { a: ['agent', 'customer'], g: ['agent'], n: [] } as const satisfies Record<
  string,
  readonly ('agent' | 'customer')[]
>;
const w = stopProcessing();

describe('wrap-up', () => {
  it('finishes when the customer has left', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c-----', states), participants$: hot('na-g-g', present) });
      const expected = '                                                            ---w--';

      expectOperations(wrapUp(), chat).toBe(expected, { w });
    }));

  it.each(['l', 'j'])('finishes in state %s', (state) =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot(`--${state}--`, states) });
      const expected = '                               --w--';

      expectOperations(wrapUp(), chat).toBe(expected, { w });
    }),
  );

  it('waits its delay', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c--', states), participants$: hot('a-g', present) });
      const expected = '                                                         52ms w';

      expectOperations(wrapUp({ delay: 50 }), chat).toBe(expected, { w });
    }));

  it('leaves a chat alone that goes on', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c----', states), participants$: hot('-a-n-a', present) });
      const expected = '                                                           -----';

      expectOperations(wrapUp(), chat).toBe(expected);
    }));

  it('has nothing to do when the chat is over already', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('c---x', states), participants$: hot('a-g--', present) });
      const expected = '                                                           -----';

      expectOperations(wrapUp({ delay: 50 }), chat).toBe(expected);
    }));
});
