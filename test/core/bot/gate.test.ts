import {
  EMPTY,
  finalize,
  from,
  ignoreElements,
  interval,
  mergeMap,
  NEVER,
  of,
  repeat,
  take,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { definePlugin, type Operations } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { chat, seat, write } from './seat.ts';

const virtually = (play: () => void): void => new TestScheduler(() => undefined).run(play);

describe('a plugin that asks again and again without end', () => {
  /** Asks for the next as soon as it knows what became of the last, for ever. */
  const looping = (quarantine?: false) =>
    definePlugin({
      name: 'looping',
      operationsPerSecond: 10,
      ...(quarantine === false && { quarantine }),
      bot:
        () =>
        (_interaction, { operations }) =>
          operations.sendMessage('again').pipe(ignoreElements(), repeat()),
    })();

  it('is held back for the rest of the second, and gives way', () => {
    const { runner, wire, problems } = seat([looping(false)]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      timer(2_500).subscribe(() => interaction.end({ reason: 'completed' }));
    });
    expect(wire).toHaveLength(30);
    expect(problems()).toEqual(['USHER_PLUGIN_FLOODS', 'USHER_PLUGIN_FLOODS', 'USHER_PLUGIN_FLOODS']);
  });

  it('comes into quarantine for it', () => {
    const { runner, entries } = seat([looping()]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      timer(20_000).subscribe(() => interaction.end({ reason: 'completed' }));
    });
    expect(entries.find(({ kind }) => kind === 'plugin-quarantined')).toMatchObject({
      plugin: 'looping',
      at: 4_000,
    });
  });
});

describe('what is too much', () => {
  it('is suppressed, each with its entry in the journal, and told of once', () => {
    const bursting = definePlugin({
      name: 'bursting',
      operationsPerSecond: 3,
      bot:
        () =>
        (_interaction, { operations }) =>
          from(['a', 'b', 'c', 'd', 'e']).pipe(mergeMap((text) => operations.sendMessage(text))),
    })();
    const { runner, wire, outcomes, problems } = seat([bursting]);
    virtually(() => runner.take(chat()));
    expect(wire).toMatchObject([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
    expect(outcomes().slice(3)).toMatchObject([
      { kind: 'suppressed', reason: 'flood', operation: { text: 'd' } },
      { kind: 'suppressed', reason: 'flood', operation: { text: 'e' } },
    ]);
    expect(problems()).toEqual(['USHER_PLUGIN_FLOODS']);
  });

  it('is counted per chat', () => {
    const talkative = definePlugin({
      name: 'talkative',
      operationsPerSecond: 1,
      bot:
        () =>
        (_interaction, { operations }) =>
          operations.sendMessage('hi'),
    })();
    const { runner, wire, problems } = seat([talkative]);
    virtually(() => {
      runner.take(chat('I'));
      runner.take(chat('J'));
    });
    expect(wire).toHaveLength(2);
    expect(problems()).toEqual([]);
  });

  it('is never the sign that the agent has stopped typing', () => {
    const hasty = definePlugin({
      name: 'hasty',
      operationsPerSecond: 1,
      bot:
        () =>
        (_interaction, { operations }) =>
          from([true, false, true, false]).pipe(mergeMap((typing) => operations.sendTyping(typing))),
    })();
    const { runner, wire } = seat([hasty]);
    virtually(() => runner.take(chat()));
    expect(wire.map((operation) => operation.name === 'sendTyping' && operation.typing)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('an operation that breaks on its way', () => {
  it('fails the stream that waits for it', () => {
    const asking = definePlugin({
      name: 'asking',
      bot:
        () =>
        (_interaction, { operations }) =>
          operations.sendMessage('a'),
    })();
    const { runner, entries } = seat([asking], {
      send: () => throwError(() => new Error('no such dialect')),
    });
    runner.take(chat());
    expect(entries.find(({ kind }) => kind === 'problem')).toMatchObject({
      code: 'USHER_PLUGIN_FAILED',
      message: 'plugin asking failed: no such dialect',
    });
  });
});

describe('work that was stopped', () => {
  /** Hands its operations out, and hangs. */
  const leaking = (leaked: Operations[], budget = 50) =>
    definePlugin({
      name: 'leaking',
      budget,
      message:
        () =>
        (_message, { operations }) => {
          leaked.push(operations);
          return NEVER;
        },
    })();

  it('says nothing any more, however late it comes', () => {
    const leaked: Operations[] = [];
    const { runner, wire, outcomes } = seat([leaking(leaked)]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'hello?');
      timer(60).subscribe(() => leaked[0]?.sendMessage('too late').subscribe());
    });
    expect(wire).toEqual([]);
    expect(outcomes()).toMatchObject([{ kind: 'suppressed', reason: 'stopped' }]);
  });

  it('can still end the sign that it types', () => {
    const typing = definePlugin({
      name: 'typing-away',
      budget: 50,
      message:
        () =>
        (_message, { operations }) =>
          NEVER.pipe(finalize(() => operations.sendTyping(false).subscribe())),
    })();
    const { runner, wire } = seat([typing]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'hello?');
    });
    expect(wire).toMatchObject([{ name: 'sendTyping', typing: false }]);
  });

  it('and asks again at every outcome does not take the process with it', () => {
    const leaked: Operations[] = [];
    let asked = 0;
    const { runner } = seat([leaking(leaked)]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'hello?');
      const again$ = timer(100).pipe(
        mergeMap(() => leaked[0]?.sendMessage('x') ?? EMPTY),
        tap(() => {
          asked += 1;
        }),
        repeat(3),
      );
      again$.subscribe();
    });
    expect(asked).toBe(3);
  });

  it('says nothing after the bots were stopped, also what ended by itself before', () => {
    const zombie = definePlugin({
      name: 'zombie',
      bot:
        () =>
        (_interaction, { operations }) => {
          interval(100)
            .pipe(
              take(5),
              mergeMap(() => operations.sendMessage('still here')),
            )
            .subscribe();
          return of('done');
        },
    })();
    const { runner, wire } = seat([zombie]);
    virtually(() => {
      runner.take(chat());
      timer(250).subscribe(() => runner.stop());
    });
    expect(wire).toHaveLength(2);
  });

  it('says nothing while the plugin is in quarantine', () => {
    const zombie = definePlugin({
      name: 'zombie',
      quarantine: { failures: 1 },
      message:
        () =>
        ({ text }, { operations }) => {
          if (text === 'fail') throw new Error('ill');
          timer(100).subscribe(() => operations.sendMessage('late').subscribe());
        },
    })();
    const { runner, wire, outcomes } = seat([zombie]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'hello?', 'fail');
    });
    expect(wire).toEqual([]);
    expect(outcomes()).toMatchObject([{ kind: 'suppressed', reason: 'quarantine' }]);
  });
});
