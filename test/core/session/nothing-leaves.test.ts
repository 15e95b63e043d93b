import fc from 'fast-check';
import { concatMap, from, merge, mergeMap, NEVER, type Observable, timer } from 'rxjs';
import {
  defineBot,
  definePlugin,
  type Interaction,
  type JournalEntry,
  type Operation,
  type OperationName,
  type Operations,
  OperationsGateway,
  type Outcome,
  type Plugin,
} from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { gws852 } from '../../../core/dialects/gws-8.5.2.ts';
import { operationNames } from '../../../core/model/operation.ts';
import { Scene } from '../../../core/testing/scene/scene.ts';
import { everyOperation } from './every-operation.ts';

const mark = 'SHADOW';
const asks = everyOperation(mark);

/** Where operations are asked for. */
const paths = ['bot', 'message', 'operation', 'timer', 'gateway', 'human'] as const;
type Path = (typeof paths)[number];

interface Step {
  readonly path: Path;
  readonly name: OperationName;
  readonly once: boolean;
}

const ask = (operations: Operations, { name, once }: Step): Observable<Outcome> =>
  asks[name](operations, once ? { once: name } : undefined);

/** A plugin that asks for all this, by every way that a plugin has. */
function busy(steps: readonly Step[]): Plugin {
  const by = (path: Path): readonly Step[] => steps.filter((step) => step.path === path);
  return definePlugin({
    name: 'busy',
    inject: [OperationsGateway],
    quarantine: false,
    operationsPerSecond: 10_000,
    bot:
      (_options, gateway) =>
      (interaction, { operations, timer: later }) =>
        merge(
          // Invited, and in the conversation.
          from([0, 800]).pipe(
            mergeMap((after) => timer(after)),
            concatMap(() => by('bot')),
            mergeMap((step) => ask(operations, step)),
          ),
          later('later', 1_500).pipe(
            concatMap(() => by('timer')),
            mergeMap((step) => ask(operations, step)),
          ),
          timer(1_000).pipe(
            concatMap(() => by('gateway')),
            mergeMap((step) => ask(gateway.bind(interaction, 'busy'), step)),
          ),
        ),
    message:
      () =>
      (_line, { operations }) =>
        from(by('message')).pipe(concatMap((step) => ask(operations, step))),
    operation:
      () =>
      (operation, next, { operations }) =>
        operation.name === 'sendNotice' || by('operation').length === 0
          ? next(operation)
          : merge(next(operation), from(by('operation')).pipe(mergeMap((step) => ask(operations, step)))),
  })();
}

const live: readonly Plugin[] = [
  autoAccept({ delay: 100 }),
  greeter({ text: 'Hello!', delay: 100 }),
  answers({ answers: [{ when: 'farewell', reply: 'Bye.' }], otherwise: 'I heard you.' }),
];

interface Witnessed {
  readonly left: readonly Operation[];
  readonly entries: readonly JournalEntry[];
}

async function witnessed(
  steps: readonly Step[],
  mode: 'shadow' | 'dry' | 'live',
  dialect = gws852(),
): Promise<Witnessed> {
  let result: Witnessed = { left: [], entries: [] };
  await VirtualTime.run(async (time) => {
    const plugin = busy(steps);
    const scene = new Scene(time, mode === 'shadow' ? live : [plugin], {
      dialect,
      isDryRun: mode === 'dry',
      shadows: mode === 'shadow' ? [defineBot({ name: 'candidate', plugins: [plugin] })] : [],
    });
    const mia = scene.customer('Mia').joins();
    await scene.after('500ms');
    // Somebody else at the same login accepts.
    if (mode !== 'shadow') mia.chat?.change('Chatting', [mia.chat.customer]);
    await scene.after('500ms');
    mia.says('Hello?');
    const human = scene.stage.seat.asHuman('Mia');
    if (human !== undefined && mode !== 'shadow')
      for (const step of steps) if (step.path === 'human') ask(human, step).subscribe();
    await scene.after('5s');
    scene.stage.seat.stopBots();
    await scene.stage.close();
    result = { left: scene.deeds.map(({ operation }) => operation), entries: scene.stage.entries };
  });
  return result;
}

const step = fc.record({
  path: fc.constantFrom(...paths),
  name: fc.constantFrom(...operationNames),
  once: fc.boolean(),
});

/** What the session itself reads is no operation that anybody asked for. */
const asked = ({ left }: Witnessed): readonly Operation[] =>
  left.filter(({ plugin }) => plugin !== 'session');
const counted = ({ entries }: Witnessed): readonly Operation[] =>
  entries.flatMap((entry) =>
    entry.kind === 'operation'
      ? [entry.operation]
      : entry.kind === 'outcome'
        ? [entry.outcome.operation]
        : [],
  );

describe('nothing leaves', () => {
  describe.each(paths)('from %s', (path) => {
    it.each(operationNames)('%s, in a dry run', async (name) => {
      const run = await witnessed([{ path, name, once: false }, ...triggers(path)], 'dry');
      expect(asked(run)).toEqual([]);
      expect(counted(run).filter(({ plugin }) => plugin !== 'session')).toEqual([]);
      const told = run.entries.some((entry) => entry.kind === 'would-have' && entry.operation.name === name);
      expect(told).toBe(name !== 'sendTyping' && name !== 'sendTypingToAgents');
    });
  });

  it.each(paths)('though from %s it would, were the run not dry', async (path) => {
    const run = await witnessed([{ path, name: 'sendMessage', once: false }, ...triggers(path)], 'live');
    expect(asked(run).map(({ name }) => name)).toContain('sendMessage');
  });

  it.each(operationNames)('%s, of a shadow', async (name) => {
    const steps = paths.map((path) => ({ path, name, once: false }));
    const run = await witnessed(steps, 'shadow');
    expect(JSON.stringify(run.left)).not.toContain(mark);
    expect(new Set(run.left.map(({ plugin }) => plugin))).toEqual(
      new Set(['auto-accept', 'greeter', 'answers']),
    );
    expect(counted(run).filter(({ plugin }) => plugin === 'busy')).toEqual([]);
  });

  it.each(['dry', 'shadow'] as const)('whatever is asked for, in whatever order: %s', async (mode) => {
    const quiet = await witnessed([], mode);
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom(gws850(), gws852()),
        async (steps, dialect) => {
          const run = await witnessed(steps, mode, dialect);
          expect(asked(run)).toEqual(asked(quiet));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('what an earlier process left on its way, in a dry run', async () => {
    const operation: Operation = { name: 'sendMessage', text: mark, interactionId: 'Mia', plugin: 'greeter' };
    const document = {
      shape: 1 as const,
      seen: 1,
      handled: {},
      done: [],
      joinedAt: 1,
      intent: { operation, base: 1 },
    };
    const resumed = async (isDryRun: boolean): Promise<Witnessed> => {
      let result: Witnessed = { left: [], entries: [] };
      await VirtualTime.run(async (time) => {
        const scene = new Scene(time, [], { isDryRun, stored: [{ id: 'Mia', version: 1, document }] });
        const mia = scene.customer('Mia').joins();
        mia.chat?.change('Chatting', [mia.chat.customer]);
        await scene.after('30s');
        await scene.stage.close();
        result = { left: scene.deeds.map(({ operation: done }) => done), entries: scene.stage.entries };
      });
      return result;
    };
    // So it would be, were the run not dry.
    expect(asked(await resumed(false)).map(({ name }) => name)).toEqual(['sendMessage']);
    const dry = await resumed(true);
    expect(asked(dry)).toEqual([]);
    expect(dry.entries).toContainEqual(expect.objectContaining({ kind: 'would-have', operation }));
  });

  it('and the transcript is read in a dry run', async () => {
    await VirtualTime.run(async (time) => {
      const seen: (string | undefined)[] = [];
      const reads = definePlugin({
        name: 'reads',
        bot: () => (interaction: Interaction) => {
          interaction.messages$.subscribe(({ text }) => seen.push(text));
          return NEVER;
        },
      });
      const scene = new Scene(time, [reads()], { isDryRun: true });
      const mia = scene.customer('Mia').joins();
      mia.chat?.change('Chatting', [mia.chat.customer]);
      mia.says('one');
      scene.begin('offline');
      mia.says('two');
      scene.end('offline');
      await scene.after('30s');
      expect(seen).toEqual(expect.arrayContaining(['one', 'two']));
      expect(scene.deeds.map(({ operation }) => `${operation.plugin} ${operation.name}`)).toContain(
        'session requestHistory',
      );
      await scene.stage.close();
    });
  });
});

/** What makes the plugin's other parts see something. */
function triggers(path: Path): readonly Step[] {
  return path === 'operation' ? [{ path: 'bot', name: 'sendMessage', once: false }] : [];
}
