import { finalize, map, merge, mergeMap, NEVER, Observable, Subject, tap } from 'rxjs';
import type { Interaction, JournalEntry, SessionContext } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../core/bot/limits.ts';
import type { SessionFunction } from '../../../core/bot/plugin.ts';
import { SessionPlugins } from '../../../core/bot/session-runner.ts';
import type { UsherError } from '../../../core/errors.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { testAgent } from '../../../core/testing/server/people.ts';
import { chat } from './seat.ts';

const fault = (): never => {
  throw new Error('broken');
};

function run(plugins: Readonly<Record<string, SessionFunction>>) {
  const interactions$ = new Subject<Interaction>();
  const journal$ = new Subject<JournalEntry>();
  const failures: [plugin: string, error: UsherError][] = [];
  const limits = limitsOf({});
  const prepared = Object.entries(plugins).map(([name, session]) => ({ name, limits, parts: { session } }));
  const running = new SessionPlugins(
    { agent: testAgent, clock: new RxClock(), log: silentLog, interactions$, journal$ },
    (plugin, error) => failures.push([plugin, error]),
  );
  const bot = {
    name: 'tested',
    handles: () => true,
    plugins: [...prepared, { name: 'no session', limits, parts: {} }],
  };
  running.assign([bot]);
  return { running, bot, interactions$, journal$, failures };
}

const entry: JournalEntry = { kind: 'session', status: 'ready', agent: 'ada', at: 0 };

describe('a plugin that watches the session', () => {
  it('sees interactions and journal for as long as the session runs', () => {
    const seen: string[] = [];
    const watch: SessionFunction = ({ journal$ }) => journal$.pipe(map(({ kind }) => seen.push(kind)));
    const { running, journal$ } = run({ watch });
    journal$.next(entry);
    running.stop();
    journal$.next(entry);
    expect(seen).toEqual(['session']);
  });

  it('goes on where it stays, and begins and ends where it comes and goes', () => {
    const seen: string[] = [];
    const watch =
      (name: string): SessionFunction =>
      ({ journal$ }) =>
        merge(NEVER, journal$.pipe(map(() => seen.push(name)))).pipe(
          finalize(() => seen.push(`${name} ends`)),
        );
    const { running, bot, journal$ } = run({ stays: watch('stays'), goes: watch('goes') });
    const [stays] = bot.plugins;
    const comes = { name: 'comes', limits: limitsOf({}), parts: { session: watch('comes') } };
    running.assign([{ ...bot, plugins: stays === undefined ? [comes] : [stays, comes] }]);
    journal$.next(entry);
    expect(seen).toEqual(['goes ends', 'stays', 'comes']);
  });

  it('is closed and its signal aborted when the session stops', () => {
    const contexts: SessionContext[] = [];
    let closed = false;
    const watch: SessionFunction = (context) => {
      contexts.push(context);
      return new Observable(() => () => {
        closed = true;
      });
    };
    const { running } = run({ watch });
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([false]);
    running.stop();
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(closed).toBe(true);
  });

  it.each<[string, SessionFunction, string, string]>([
    [
      'throws',
      () => {
        throw new Error('no disk');
      },
      'USHER_PLUGIN_FAILED',
      'plugin broken failed: no disk',
    ],
    [
      'returns nothing',
      () => undefined as never,
      'USHER_PLUGIN_NO_STREAM',
      'plugin broken returned undefined, not a stream',
    ],
  ])('and %s is reported, and the others go on', (_how, broken, code, message) => {
    const seen: string[] = [];
    const watch: SessionFunction = ({ journal$ }) => journal$.pipe(map(({ kind }) => seen.push(kind)));
    const { journal$, failures } = run({ broken, watch });
    journal$.next(entry);
    expect(failures).toMatchObject([['broken', { code, message }]]);
    expect(seen).toEqual(['session']);
  });

  it('and fails later is reported then', () => {
    const { journal$, failures } = run({
      late: ({ journal$ }) =>
        journal$.pipe(
          map(() => {
            throw new Error('disk full');
          }),
        ),
      endless: () => NEVER,
    });
    expect(failures).toEqual([]);
    journal$.next(entry);
    expect(failures).toMatchObject([['late', { message: 'plugin late failed: disk full' }]]);
  });

  it('and throws in its teardowns harms neither the session nor the others', () => {
    const interaction = chat();
    const ended: string[] = [];
    const { running, interactions$, journal$, failures } = run({
      clumsy: ({ interactions$: seen$, journal$: told$ }) => {
        told$.pipe(finalize(fault)).subscribe();
        return seen$.pipe(
          map(({ messages$ }) => messages$.pipe(finalize(fault)).subscribe()),
          finalize(fault),
        );
      },
      watch: ({ interactions$: seen$, journal$: told$ }) =>
        merge(
          seen$.pipe(
            mergeMap(({ messages$ }) => messages$.pipe(tap({ complete: () => ended.push('chat') }))),
          ),
          told$.pipe(tap({ complete: () => ended.push('journal') })),
        ),
    });
    interactions$.next(interaction);
    interaction.end({ reason: 'completed' });
    journal$.complete();
    running.stop();
    expect(ended).toEqual(['chat', 'journal']);
    expect(failures.map(([plugin, { message }]) => `${plugin}: ${message}`)).toEqual(
      Array.from({ length: 3 }, () => 'clumsy: plugin clumsy failed: broken'),
    );
  });
});
