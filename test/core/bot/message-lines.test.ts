import { defer, EMPTY, NEVER, Observable, Subject, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { definePlugin, type Interaction, type Lane, type Message, type MessageFunction } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { inLane } from '../../../core/bot/lane.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { people } from '../../../core/testing/server/people.ts';
import { chat, seat, write } from './seat.ts';

const virtually = (play: () => void): void => new TestScheduler(() => undefined).run(play);
const reading = (message: MessageFunction, settings: object = {}) =>
  definePlugin({ name: 'reader', ...settings, message: () => message })();
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}`);

/** Which of so many lines the plugin has done with. */
function doneWith(ledger: SessionLedger, interaction: Interaction, count = 10): number[] {
  const dossier = ledger.of(interaction);
  return Array.from({ length: count }, (_, at) => at + 1).filter((index) =>
    dossier.isHandled('reader', index),
  );
}

describe('a thousand lines that have gathered', () => {
  it.each<Lane>(['serial', { parallel: 2 }])('are all handled in order, in lane %o', (lane) => {
    const read: string[] = [];
    const first = new Subject<never>();
    const { runner, problems } = seat([
      reading(
        ({ text }) => {
          read.push(text);
          return Number(text) <= 2 ? first : EMPTY;
        },
        { lane },
      ),
    ]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, ...numbered(1_001));
    first.complete();
    expect(read).toEqual(numbered(1_001));
    expect(problems()).toEqual([]);
  });

  it('leave no room for another, which is told of and done with', () => {
    const { runner, ledger, problems } = seat([reading(() => NEVER, { laneCapacity: 2 })]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, ...numbered(5));
    expect(problems()).toEqual(['USHER_LANE_FULL', 'USHER_LANE_FULL']);
    expect(doneWith(ledger, interaction)).toEqual([4, 5]);
    interaction.end({ reason: 'completed' });
  });
});

describe('a line that a handler causes itself', () => {
  it.each<Lane>(['serial', 'latest', 'coalesce', { parallel: 1 }])(
    'waits until it has returned, in lane %o',
    (lane) => {
      const steps: string[] = [];
      const { runner } = seat([
        reading(
          ({ text }, { interaction: seen }) => {
            steps.push(`${text} begins`);
            if (text === 'a') write(interaction, 'b');
            steps.push(`${text} returns`);
            expect(seen.id).toBe('I');
          },
          { lane },
        ),
      ]);
      const interaction = chat();
      runner.take(interaction);
      write(interaction, 'a');
      expect(steps).toEqual(['a begins', 'a returns', 'b begins', 'b returns']);
    },
  );

  it('in lane latest supersedes it before what it returns has begun', () => {
    let begun = 0;
    const { runner, ledger } = seat([
      reading(
        ({ text }) => {
          if (text === 'b') return EMPTY;
          write(interaction, 'b');
          return new Observable(() => {
            begun += 1;
          });
        },
        { lane: 'latest' },
      ),
    ]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'a');
    expect(begun).toBe(0);
    expect(doneWith(ledger, interaction)).toEqual([1, 2]);
  });
});

describe('the lane latest', () => {
  it('supersedes a call once, however many lines it causes itself', () => {
    const superseded: number[] = [];
    const lines$ = new Subject<Message>();
    inLane(lines$, 'latest', {
      handle: ([first]) =>
        defer(() => {
          if (first?.index !== 1) return EMPTY;
          for (const index of [2, 3]) lines$.next({ ...first, index });
          return NEVER;
        }),
      onSuperseded: (lines) => superseded.push(...lines.map(({ index }) => index)),
      onFull: () => undefined,
    }).subscribe();
    lines$.next({ index: 1 } as Message);
    expect(superseded).toEqual([1]);
  });
});

describe('a line is done with', () => {
  it('when it was handled, failed, took too long, or was superseded', () => {
    const behaviour: Record<string, () => ReturnType<MessageFunction>> = {
      handled: () => timer(5),
      failed: () => {
        throw new Error('broken');
      },
      late: () => NEVER,
    };
    const { runner, ledger } = seat([reading(({ text }) => behaviour[text]?.(), { budget: 50 })]);
    const interaction = chat();
    virtually(() => {
      runner.take(interaction);
      write(interaction, 'handled', 'failed', 'late', 'handled');
    });
    expect(doneWith(ledger, interaction)).toEqual([1, 2, 3, 4]);
  });

  it('not when the session ended over it: it is given again to the next one', () => {
    const ledger = new SessionLedger();
    const interaction = chat();
    const { runner } = seat([reading(() => NEVER)], { ledger });
    runner.take(interaction);
    write(interaction, 'under way', 'waiting');
    runner.stop();
    expect(doneWith(ledger, interaction)).toEqual([]);
  });

  it('before a restart, and is not given again after it', () => {
    const ledger = new SessionLedger();
    const interaction = chat();
    ledger.of(interaction).handled('reader', [1, 3]);
    const read: string[] = [];
    const { runner } = seat([reading(({ text }) => void read.push(text))], { ledger });
    runner.take(interaction);
    write(interaction, 'a', 'b', 'c');
    expect(read).toEqual(['b']);
  });
});

describe('while a plugin is in quarantine', () => {
  it('each line it is not given is told of, those that waited included, and is done with', () => {
    const read: string[] = [];
    const { runner, ledger, problems } = seat([
      reading(({ text }) => {
        read.push(text);
        return text === 'well' ? EMPTY : NEVER;
      }),
    ]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'under way', 'waiting');
    runner.quarantine('reader', 'by hand');
    write(interaction, 'too late');
    expect(problems()).toEqual(['USHER_LINE_LEFT_OUT', 'USHER_LINE_LEFT_OUT', 'USHER_LINE_LEFT_OUT']);
    expect(doneWith(ledger, interaction)).toEqual([1, 2, 3]);

    runner.release('reader');
    write(interaction, 'well');
    expect(read).toEqual(['under way', 'well']);
    runner.stop();
  });

  it('the line whose failure brought it there was given, and is not told of twice', () => {
    const broken = reading(
      () => {
        throw new Error('broken');
      },
      { quarantine: { failures: 1 } },
    );
    const { runner, problems } = seat([broken]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'a', 'b');
    expect(problems()).toEqual(['USHER_PLUGIN_FAILED', 'USHER_LINE_LEFT_OUT']);
    runner.stop();
  });

  it('and on trial, a line that is handled sets it free at once', () => {
    const { runner, entries } = seat([reading(() => EMPTY, { quarantine: { pause: 1_000 } })]);
    const interaction = chat();
    virtually(() => {
      runner.take(interaction);
      runner.quarantine('reader', 'by hand');
      timer(1_500).subscribe(() => write(interaction, 'well'));
    });
    expect(entries.find(({ kind }) => kind === 'plugin-released')).toMatchObject({ at: 1_500 });
  });

  it('its signals are aborted, in all chats', () => {
    const signals: AbortSignal[] = [];
    const { runner } = seat([
      reading((_message, { signal }) => {
        signals.push(signal);
        return NEVER;
      }),
    ]);
    for (const id of ['I', 'J']) {
      const interaction = chat(id);
      runner.take(interaction);
      write(interaction, 'hello');
    }
    runner.quarantine('reader', 'by hand');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    runner.stop();
  });
});

describe('a plugin that is silent from some time on', () => {
  it('is given no line after it, and what is under way is stopped', () => {
    const given: string[] = [];
    const word = new Subject<void>();
    let stopped = false;
    const { runner, ledger, problems } = seat([
      reading(
        ({ text }, { signal }) => {
          given.push(text);
          signal.addEventListener('abort', () => {
            stopped = true;
          });
          return NEVER;
        },
        { until: () => word },
      ),
    ]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'a', 'b');
    word.next();
    write(interaction, 'c');
    expect(given).toEqual(['a']);
    expect(stopped).toBe(true);
    expect(doneWith(ledger, interaction)).toEqual([1, 2, 3]);
    expect(problems()).toEqual([]);
  });

  it('is not given the line that silences it', () => {
    const given: string[] = [];
    const { runner } = seat([
      reading(({ text }) => void given.push(text), { until: ({ messages$ }: Interaction) => messages$ }),
    ]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'be quiet', 'hello?');
    expect(given).toEqual([]);
  });

  it('is silent when it cannot tell from when on', () => {
    const given: string[] = [];
    const { runner, problems } = seat([
      reading(({ text }) => void given.push(text), {
        until: () => {
          throw new Error('no idea');
        },
      }),
    ]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'hello?');
    expect(given).toEqual([]);
    expect(problems()).toEqual(['USHER_PLUGIN_FAILED']);
  });

  it('may never be: a stream that ends without a word says nothing', () => {
    const given: string[] = [];
    const { runner } = seat([reading(({ text }) => void given.push(text), { until: () => EMPTY })]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'hello?');
    expect(given).toEqual(['hello?']);
  });
});

describe('settings that depend on the options', () => {
  const patient = definePlugin({
    name: 'reader',
    options: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: unknown) => ({ value: value as { pause: number; old: boolean } }),
        types: undefined as unknown as {
          input: { pause: number; old: boolean };
          output: { pause: number; old: boolean };
        },
      },
    },
    lane: ({ pause }) => ({ debounce: pause }),
    budget: ({ pause }) => pause * 2,
    history: ({ old }) => old,
    message:
      () =>
      (_message, { lines }) =>
        void seen.push(lines.map(({ text }) => text)),
  });
  const seen: string[][] = [];

  it('are those of the options', () => {
    const plugin = patient({ pause: 40, old: true });
    expect(plugin.limits).toMatchObject({ lane: { debounce: 40 }, budget: 80 });
    const { runner } = seat([plugin]);
    virtually(() => {
      const interaction = chat();
      runner.take(interaction);
      interaction.append([
        { index: 0, type: 'Text', from: people.customer, text: 'long ago', visibility: 'All' },
      ]);
      write(interaction, 'now');
    });
    expect(seen).toEqual([['long ago', 'now']]);
  });
});

describe('a line that nobody but agents sees', () => {
  it('is not given', () => {
    const given: Message[] = [];
    const { runner } = seat([reading((message) => void given.push(message))]);
    const interaction = chat();
    runner.take(interaction);
    interaction.append([
      { index: 1, type: 'Text', from: people.customer, text: 'psst', visibility: 'Agents' },
      { index: 2, type: 'Text', from: people.colleague, text: 'hi', visibility: 'All' },
      { index: 3, type: 'Notice', from: people.customer, text: 'left', visibility: 'All' },
    ]);
    expect(given).toEqual([]);
  });
});

describe('a plugin that a bot lists twice', () => {
  it('is given a line in both places, each under a name of its own', () => {
    const saying = (word: string, to: string) =>
      reading(({ text }, { operations }) => (text === to ? operations.sendMessage(word) : undefined));
    const { runner, wire } = seat([saying('one', 'hello'), saying('two', 'goodbye')]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'hello', 'goodbye');
    expect(wire).toMatchObject([
      { text: 'one', once: 'reply:reader:1:1' },
      { text: 'two', once: 'reply:reader#2:2:1' },
    ]);
  });
});
