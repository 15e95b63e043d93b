import { concatMap, defer, NEVER, of } from 'rxjs';
import { definePlugin, type Operation, type Plugin, type PluginDefinition } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { chat, seat, sent, write } from './seat.ts';

/** Milliseconds pass only where a plugin computes. */
let now = 0;
const compute = (milliseconds: number): void => {
  now += milliseconds;
};

const plugin = (name: string, parts: Omit<PluginDefinition<never, []>, 'name'>): Plugin =>
  definePlugin({ name, ...parts } as PluginDefinition<never, []>)(undefined as never);

/** What is told when a customer says something and somebody answers. */
function told(...plugins: Plugin[]): string[] {
  const { runner, entries, gateway } = seat(plugins, { clock: { now: () => now } });
  const interaction = chat();
  runner.take(interaction);
  write(interaction, 'hello');
  gateway.bind(interaction, 'other').sendMessage('hi').subscribe();
  return entries.flatMap((entry) =>
    entry.kind === 'problem' ? [`${entry.code} ${entry.interactionId} ${entry.message}`] : [],
  );
}

const blocks = (name: string, milliseconds: number): string =>
  `USHER_PLUGIN_BLOCKS I plugin ${name} ran for ${milliseconds} ms without giving way, on interaction I`;

describe('a plugin that computes without giving way', () => {
  it.each<[string, Omit<PluginDefinition<never, []>, 'name'>]>([
    [
      'in `bot`',
      {
        bot: () => () => {
          compute(201);
          return NEVER;
        },
      },
    ],
    ['in the stream it returns', { bot: () => () => defer(() => of(compute(201))) }],
    ['in `message`', { message: () => () => compute(201) }],
    [
      'in `operation`',
      {
        operation: () => (operation, next) => {
          compute(201);
          return next(operation);
        },
      },
    ],
  ])('%s is told of', (_where, parts) => {
    expect(told(plugin('thinker', parts))).toEqual([blocks('thinker', 201)]);
  });

  it('is not told of if it is no longer than it may', () => {
    expect(told(plugin('thinker', { message: () => () => compute(200) }))).toEqual([]);
    expect(told(plugin('thinker', { longestTurn: 300, message: () => () => compute(300) }))).toEqual([]);
  });

  it('does not count as a failure', () => {
    const thinker = plugin('thinker', { quarantine: { failures: 1 }, message: () => () => compute(500) });
    const { runner, problems } = seat([thinker], { clock: { now: () => now } });
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'a', 'b', 'c');
    expect(problems()).toEqual(['USHER_PLUGIN_BLOCKS', 'USHER_PLUGIN_BLOCKS', 'USHER_PLUGIN_BLOCKS']);
    expect(runner.plugins).toMatchObject([{ state: 'running', failures: 0 }]);
  });

  it('is told of by its own name, when another asks for the operation it computes over', () => {
    const answering = plugin('answering', {
      message:
        () =>
        (_message, { operations }) =>
          operations.sendMessage('x'),
    });
    const encrypting = plugin('encrypting', {
      operation: () => (operation, next) =>
        defer(() => {
          if (operation.plugin === 'answering') compute(300);
          return of(0);
        }).pipe(concatMap(() => next(operation))),
    });
    expect(told(answering, encrypting)).toEqual([blocks('encrypting', 300)]);
  });

  it('is not told of for what the way to the server takes', () => {
    const answering = plugin('answering', {
      message:
        () =>
        (_message, { operations }) =>
          operations.sendMessage('x'),
    });
    const watching = plugin('watching', { operation: () => (operation, next) => next(operation) });
    const send = (operation: Operation) =>
      defer(() => {
        compute(300);
        return of(sent(operation));
      });
    for (const plugins of [[answering], [watching], [answering, watching]]) {
      const { runner, gateway, problems, wire } = seat(plugins, { clock: { now: () => now }, send });
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'hello');
      gateway.bind(interaction, 'other').sendMessage('hi').subscribe();
      expect(wire.length).toBeGreaterThan(0);
      expect(problems()).toEqual([]);
    }
  });
});
