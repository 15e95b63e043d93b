import { importing, type Template } from './template.ts';

/** A plugin that is a stream of work over the streams of an interaction. */
export const bot: Template = {
  does: 'Says a line once the agent has joined the chat, once per interaction.',
  options: [
    ['text', 'a template over user data and agent', 'Hello {FirstName|there}, how can I help you?'],
    ['delay', 'milliseconds from joining the chat to the line', '0'],
  ],
  source: ({ name, identifier }, doors) => `${importing({
    rxjs: 'concatMap, delay, filter',
    [doors.usher]: 'definePlugin, fillTemplate, whenState',
    zod: 'z',
  })}

const options = z.strictObject({
  /** A template over user data and agent, for instance {FirstName|there} or {agent.nickname}. */
  text: z.string().trim().min(1, 'must not be empty').default('Hello {FirstName|there}, how can I help you?'),
  /** Milliseconds from joining the chat to the line. */
  delay: z.number().nonnegative().default(0),
});

/** Says a line once the agent has joined the chat, once per interaction. */
export const ${identifier} = definePlugin({
  name: '${name}',
  options,
  bot:
    ({ text, delay: pause }) =>
    (interaction, { operations }) =>
      whenState(interaction, 'Chatting').pipe(
        // A chat that was found open may have heard it before.
        filter(() => !interaction.resumed),
        delay(pause),
        concatMap(() => operations.sendMessage(fillTemplate(text, interaction), { once: '${name}' })),
      ),
});
`,
  test: ({ identifier, name }, doors) => `${importing({
    'usher-bots/testing': 'marbles, pluginContract, sendMessage',
    vitest: 'describe, it',
    [doors.plugin]: identifier,
  })}

const states = { c: 'Chatting', x: 'Completed' } as const;
const text = 'Hello {FirstName|there}';
const userData = { FirstName: 'Mia' };

describe('${name}', () => {
  it('speaks once the agent has joined, however often the state is repeated', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot('-c-c', states) });
      const expected = '                                -h--';

      expectOperations(${identifier}({ text }), chat).toBe(expected, { h: sendMessage('Hello Mia') });
    }));

  it('stays silent when the chat ends before', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ userData, state$: hot('-c 98ms x', states) });
      const expected = '                                -';

      expectOperations(${identifier}({ text, delay: 200 }), chat).toBe(expected);
    }));
});

describe('${name}, as customers expect of every plugin', () => {
  it.each(pluginContract(${identifier}(), { userData }))('$promise', ({ check }) => check());
});
`,
  steps: ['- expect: { say: /hello/i, within: 5s }'],
};
