import { importing, type Template } from './template.ts';

/** A plugin that stands on the way of everybody's operations. */
export const operation: Template = {
  does: 'Puts another text in the place of what must not be said, whichever plugin says it.',
  options: [
    ['hide', 'what is replaced', 'numbers of 13 to 19 digits'],
    ['by', 'what stands there instead', '…'],
  ],
  source: ({ name, identifier }, doors) => `${importing({ [doors.usher]: 'definePlugin', zod: 'z' })}

const options = z.strictObject({
  /** What is replaced, all of it. */
  hide: z.instanceof(RegExp).default(/\\b\\d{13,19}\\b/),
  /** What stands there instead. */
  by: z.string().default('…'),
});

/** Puts another text in the place of what must not be said, whichever plugin says it. */
export const ${identifier} = definePlugin({
  name: '${name}',
  options,
  // A guard that breaks is better in the way than passed by.
  quarantine: false,
  operation: ({ hide, by }) => {
    const everywhere = new RegExp(hide, [...new Set(\`\${hide.flags}g\`)].join(''));

    return (operation, next) =>
      next(
        operation.name === 'sendMessage'
          ? { ...operation, text: operation.text.replace(everywhere, () => by) }
          : operation,
      );
  },
});
`,
  test: ({ identifier, name }, doors) => `${importing({
    'usher-bots': 'definePlugin',
    'usher-bots/testing': 'marbles, says, sendMessage',
    vitest: 'describe, it',
    [doors.plugin]: identifier,
  })}

const states = { c: 'Chatting' } as const;
const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(text),
});

describe('${name}', () => {
  it('hides what must not be said, and nothing else', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c--', states),
        messages$: hot('--nt', {
          n: says('customer', 'It is 4111111111111111.'),
          t: says('customer', 'Thank you'),
        }),
      });
      const expected = '--nt';

      expectOperations([echo(), ${identifier}({ by: '(number)' })], chat).toBe(expected, {
        n: sendMessage('It is (number).'),
        t: sendMessage('Thank you'),
      });
    }));
});
`,
  steps: ['- customer: "My card is 4111111111111111"'],
};
