import { isObservable, NEVER, Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { definePlugin, type Interaction } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { receptionist } from '../../../bots/receptionist.ts';
import { chat, seat, write } from './seat.ts';

/** The interaction, and how many subscriptions its streams have. */
function counted(interaction: Interaction) {
  const open = new Map<string, number>();
  const add = (name: string, count: number): void => void open.set(name, (open.get(name) ?? 0) + count);
  const seen = new Proxy(interaction, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (!isObservable(value)) return value;
      return new Observable((subscriber) => {
        add(String(name), 1);
        subscriber.add(() => add(String(name), -1));
        return value.subscribe(subscriber);
      });
    },
  });
  const left = (): Record<string, number> => Object.fromEntries([...open].filter(([, count]) => count > 0));
  return { seen, left };
}

const signals: AbortSignal[] = [];
const keeping = definePlugin({
  name: 'keeping',
  bot:
    () =>
    (_interaction, { signal }) => {
      signals.push(signal);
      return NEVER;
    },
  message:
    () =>
    (_message, { signal }) => {
      signals.push(signal);
      return NEVER;
    },
});

/** A receptionist in the middle of a conversation: a greeting is typed, a colleague waited for, lines are queued. */
function talk(then: (seated: ReturnType<typeof seat>, interaction: ReturnType<typeof chat>) => void) {
  signals.length = 0;
  const seated = seat([keeping(), ...receptionist({ colleague: 'cora' }).plugins]);
  const interaction = chat();
  const { seen, left } = counted(interaction);
  let during = {};
  let after = {};
  new TestScheduler(() => undefined).run(({ flush }) => {
    seated.runner.take(seen);
    write(interaction, 'when are you open?', 'a human please', 'thanks');
    during = left();
    then(seated, interaction);
    after = left();
    flush();
  });
  return { during, after, finally: left(), problems: seated.problems() };
}

describe('of an interaction', () => {
  it('nothing is left subscribed when it has ended, and every signal is aborted', () => {
    const { during, after, problems } = talk((_seated, interaction) =>
      interaction.end({ reason: 'completed' }),
    );
    expect(during).toMatchObject({ messages$: expect.any(Number), ended$: expect.any(Number) });
    expect(after).toEqual({});
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(problems).toEqual([]);
  });

  it('no plugin keeps anything when the bots are stopped before it ends', () => {
    const { after } = talk(({ runner }) => runner.stop());
    // The runner records the end, the ledger forgets the document.
    expect(after).toEqual({ ended$: 2 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('plugins in quarantine only keep an eye on the lines they are not given', () => {
    const { during, after } = talk(({ runner }) => {
      for (const { plugin } of runner.plugins) runner.quarantine(plugin, 'by hand');
    });
    expect(Object.keys(during)).toContain('participants$');
    expect(Object.keys(after).sort()).toEqual(['ended$', 'messages$', 'owner$']);
    expect(signals.slice(0, 2).map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
