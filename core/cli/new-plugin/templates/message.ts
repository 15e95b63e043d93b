import { importing, type Template } from './template.ts';

/** A plugin that is handed one line of the customer at a time. */
export const message: Template = {
  does: 'Replies to what the customer writes where one of the phrases is in it.',
  options: [
    ['on', 'the phrases that call for the reply', 'opening hours'],
    ['reply', 'a template over user data and agent', 'We are open from 8 to 18 h.'],
  ],
  source: ({ name, identifier }, doors) => `${importing({
    [doors.usher]: 'colleagueSpeaks, definePlugin, fillTemplate, mentions, phrase',
    zod: 'z',
  })}

const options = z.strictObject({
  /** The phrases that call for the reply. */
  on: z.array(phrase).min(1, 'is empty: give at least one phrase').default(['opening hours']),
  /** A template over user data and agent, for instance {FirstName|there} or {agent.nickname}. */
  reply: z.string().trim().min(1, 'must not be empty').default('We are open from 8 to 18 h.'),
});

/** Replies to what the customer writes where one of the phrases is in it, until a colleague has the word. */
export const ${identifier} = definePlugin({
  name: '${name}',
  options,
  until: colleagueSpeaks,
  message:
    ({ on, reply }) =>
    ({ text }, { interaction, operations }) =>
      mentions(text, on) ? operations.sendMessage(fillTemplate(reply, interaction)) : undefined,
});
`,
  test: ({ identifier, name }, doors) => `${importing({
    'usher-bots/testing': 'marbles, pluginContract, says, sendMessage',
    vitest: 'describe, it',
    [doors.plugin]: identifier,
  })}

const states = { c: 'Chatting' } as const;
const lines = {
  q: says('customer', 'What are your opening hours?'),
  o: says('customer', 'My card is blocked.'),
};

describe('${name}', () => {
  it('replies where a phrase is mentioned', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   -c----', states),
        messages$: hot('---q-o', lines),
      });
      const expected = '---r--';

      expectOperations(${identifier}({ reply: 'From 8 to 18 h.' }), chat).toBe(expected, {
        r: sendMessage('From 8 to 18 h.'),
      });
    }));
});

describe('${name}, as customers expect of every plugin', () => {
  const said = ['What are your opening hours?', 'Thank you'];

  it.each(pluginContract(${identifier}(), { lines: said }))('$promise', ({ check }) => check());
});
`,
  steps: ['- customer: "What are your opening hours?"', '- expect: { say: /open/i, within: 5s }'],
};
