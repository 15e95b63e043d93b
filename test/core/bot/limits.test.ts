import { timer } from 'rxjs';
import { definePlugin, type PluginLimits } from 'usher-bots';
import { describe, expect, it, vi } from 'vitest';
import { chat, seat, write } from './seat.ts';

const defined = (limits: object) =>
  definePlugin({ name: 'limited', ...limits, message: () => () => undefined });

describe('the limits of a plugin', () => {
  it('are these by default', () => {
    expect(defined({})().limits).toEqual({
      lane: 'serial',
      laneCapacity: 1_000,
      budget: 30_000,
      holdBudget: 60_000,
      longestTurn: 200,
      operationsPerSecond: 50,
      quarantine: {},
    } satisfies PluginLimits);
  });

  it.each<[object, string]>([
    [{ budget: 0 }, 'budget must be a number above 0'],
    [{ holdBudget: -1 }, 'holdBudget must be a number above 0'],
    [{ operationsPerSecond: Number.NaN }, 'operationsPerSecond must be a number above 0'],
    [{ longestTurn: '200' }, 'longestTurn must be a number above 0'],
    [{ quarantine: { failures: 0 } }, 'quarantine.failures must be a number above 0'],
    [{ lane: 'parallel' }, 'lane must be serial, latest, coalesce'],
    [{ lane: { parallel: 0 } }, '{ parallel: a whole number above 0 }'],
    [{ lane: { parallel: 1.5 } }, '{ parallel: a whole number above 0 }'],
    [{ lane: { debounce: Number.POSITIVE_INFINITY } }, '{ debounce: milliseconds above 0 }'],
  ])('are refused where they make no sense: %o', (limits, message) => {
    expect(() => defined(limits)()).toThrow(
      expect.objectContaining({ code: 'USHER_PLUGIN_OPTIONS', message: expect.stringContaining(message) }),
    );
  });

  it('may be none: an endless budget is not a timer that fires at once', async () => {
    const handled: string[] = [];
    const patient = definePlugin({
      name: 'patient',
      budget: Number.POSITIVE_INFINITY,
      message:
        () =>
        ({ text }) => {
          handled.push(text);
          return timer(20);
        },
    })();
    const { runner, problems, ledger } = seat([patient]);
    const interaction = chat();
    runner.take(interaction);
    write(interaction, 'a', 'b');
    await vi.waitFor(() => expect(ledger.of(interaction).isHandled('patient', 2)).toBe(true));
    expect(handled).toEqual(['a', 'b']);
    expect(problems()).toEqual([]);
  });
});
