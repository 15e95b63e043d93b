import {
  accept,
  completeTransfer,
  type ExpectedOperation,
  marbles,
  says,
  sendMessage,
  sendTyping,
  startConsultation,
  stopProcessing,
  transfer,
} from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { autoGreeter } from '../../bots/auto-greeter.ts';
import { receptionist } from '../../bots/receptionist.ts';
import type { Bot, Interaction } from '../../core/index.ts';

const states = { c: 'Chatting', x: 'Completed' } as const;
const present = {
  a: ['agent', 'customer'],
  k: ['agent', 'customer', 'colleague'],
  g: ['agent'],
} as const satisfies Record<string, readonly ('agent' | 'customer' | 'colleague')[]>;

const handles = ({ handles }: Bot, kind: Interaction['kind']): boolean => handles({ kind } as Interaction);

describe('auto-greeter', () => {
  const greeting = sendMessage('Hello Mia, thank you for waiting. A colleague is with you in a moment.');

  it('accepts, greets, and keeps silent until the chat is over', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        userData: { FirstName: 'Mia' },
        state$: hot('       --c------', states),
        participants$: hot('--a----g-', present),
        messages$: hot('    ----m----', { m: says('customer', 'Are you open?') }),
      });
      const expected = '    a-g----w-';

      const plugins = autoGreeter({ text: 'Hello {FirstName}' }).plugins;
      expectOperations(plugins, chat).toBe(expected, {
        a: accept(),
        g: sendMessage('Hello Mia'),
        w: stopProcessing(),
      });
    }));

  it('hands over after its greeting if told to whom', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData: { FirstName: 'Mia' }, state$: hot('--c------', states) });
      const expected = '                                                            a-(gt)';

      const to = { skill: 'Cards' };
      expectOperations(autoGreeter({ handOverTo: to }).plugins, chat).toBe(expected, {
        a: accept(),
        g: greeting,
        t: transfer(to),
      });
    }));
});

describe('receptionist', () => {
  it('does the whole work of a chat', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        userData: { FirstName: 'Mia' },
        state$: hot('       ---c', states),
        participants$: hot('---a 99ms k', present),
        messages$: hot('    --- 49ms o 19ms h', {
          o: says('customer', 'Are you open?'),
          h: says('customer', 'I want a human'),
        }),
      });
      const values: Record<string, ExpectedOperation> = {
        a: accept(),
        t: sendTyping(true),
        s: sendTyping(false),
        g: sendMessage('Hello Mia, I am Ada. How can I help you?'),
        o: sendMessage('We are open Monday to Friday from 8 to 18 h, and on Saturday from 9 to 13 h.'),
        q: sendMessage('One moment please, I will ask a colleague to join us.'),
        j: sendMessage('My colleague takes over now. Goodbye, Mia!'),
        S: startConsultation({ agentId: 'cora' }),
        T: completeTransfer(),
      };
      const expected = 'a--t 9ms (sg) 35ms t 9ms (so) 6ms t 9ms (sqS) 16ms t 9ms (sjT)';

      const { plugins } = receptionist({ colleague: 'cora', pace: { minimum: 10, maximum: 10 } });
      expectOperations(plugins, chat).toBe(expected, values);
    }));

  it('has no consult without a colleague', () => {
    expect(receptionist().plugins.map(({ name }) => name)).not.toContain('hand-off');
    expect(receptionist({ colleague: 'cora' }).plugins.map(({ name }) => name)).toContain('hand-off');
  });
});

describe('both', () => {
  it.each([
    ['inbound', true],
    ['transfer', true],
    ['conference', true],
    ['consultation', false],
  ] as const)('take %s: %s', (kind, taken) => {
    expect([handles(autoGreeter(), kind), handles(receptionist(), kind)]).toEqual([taken, taken]);
  });
});
