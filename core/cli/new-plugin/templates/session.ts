import { importing, type Template } from './template.ts';

/** A plugin that watches the agent session as a whole. */
export const session: Template = {
  does: 'Tells a service how each operation of the agent ended.',
  options: [],
  needs: ({ className }) => `a \`${className}Sink\` under \`services\``,
  source: ({ name, identifier, className }, doors) => `${importing({
    rxjs: 'filter, tap',
    [doors.usher]: 'definePlugin, type Outcome',
  })}

/** Where the outcomes go: bind yours under \`services\` of the config. */
export abstract class ${className}Sink {
  abstract record(outcome: Outcome): void;
}

/** Tells a service how each operation of the agent ended. */
export const ${identifier} = definePlugin({
  name: '${name}',
  inject: [${className}Sink],
  session:
    (_options, sink) =>
    ({ journal$ }) =>
      journal$.pipe(
        filter((entry) => entry.kind === 'outcome'),
        tap(({ outcome }) => sink.record(outcome)),
      ),
});
`,
  test: ({ identifier, name, className }, doors) => `${importing({
    rxjs: 'concatMap',
    'usher-bots': 'definePlugin, defineService, type Outcome, whenState',
    'usher-bots/testing': 'marbles, sendMessage',
    vitest: 'describe, expect, it',
    [doors.plugin]: `${className}Sink, ${identifier}`,
  })}

const states = { c: 'Chatting' } as const;
const speaker = definePlugin({
  name: 'speaker',
  bot:
    () =>
    (interaction, { operations }) =>
      whenState(interaction, 'Chatting').pipe(concatMap(() => operations.sendMessage('Hello'))),
});

class Kept extends ${className}Sink {
  readonly outcomes: Outcome[] = [];

  override record(outcome: Outcome): void {
    this.outcomes.push(outcome);
  }
}

describe('${name}', () => {
  it('tells how each operation ended', async () => {
    const sink = new Kept();
    await marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('-c', states) });
      const expected = '                      -h';
      const services = [defineService({ token: ${className}Sink, create: () => sink })];

      expectOperations([speaker(), ${identifier}()], chat, { services }).toBe(expected, {
        h: sendMessage('Hello'),
      });
    });
    expect(sink.outcomes.map(({ kind }) => kind)).toEqual(['sent']);
  });
});
`,
  steps: ['- customer: "Hello"'],
};
