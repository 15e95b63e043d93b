import { describe, expect, it } from 'vitest';
import { MemoryRecords } from '../../../core/experiment/memory-records.ts';
import { Oversight } from '../../../core/experiment/oversight.ts';
import { keys, type Records } from '../../../core/experiment/records.ts';
import { switchesOf, turn } from '../../../core/experiment/switches.ts';
import { type ExperimentDefinition, experiment } from '../../../core/index.ts';
import type { JournalEvent } from '../../../core/model/journal-entry.ts';
import type { Clock, Journal } from '../../../core/ports.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';

const second = 1_000;

type Definition = Partial<ExperimentDefinition<{ plain: number; warm: number }>>;

/** So many chats of each arm; of a share each of these measures was. */
async function add(
  records: Records,
  n: number,
  shares: Readonly<Record<string, { plain: number; warm: number }>>,
  batch = 'a',
): Promise<void> {
  await records.keep(
    (['plain', 'warm'] as const).flatMap((arm) =>
      Array.from({ length: n }, (_, nth) => {
        const id = `${batch}-${arm}-${nth}`;
        const measures = Object.fromEntries(
          Object.entries(shares).map(([name, share]) => [name, Number(nth < n * share[arm])]),
        );
        const exposed = { unit: id, arm, reason: 'split', propensity: 0.5, at: nth, agent: 'ada' };
        return [
          { key: keys.chat('tested', id), body: exposed },
          { key: keys.end('tested', id), body: { measures } },
        ];
      }).flat(),
    ),
  );
}

/** An oversight that looks again and again, in virtual time. */
function watch(
  run: (watched: {
    oversight: Oversight;
    records: MemoryRecords;
    told: JournalEvent[];
    pass: (milliseconds: number) => Promise<void>;
  }) => Promise<void>,
  more: Definition = {},
  records = new MemoryRecords(),
): Promise<void> {
  return VirtualTime.run(async (time) => {
    const clock: Clock = new RxClock();
    const journal: Journal = new LiveJournal(clock, silentLog);
    const told: JournalEvent[] = [];
    journal.entries$.subscribe((entry) => told.push(entry));
    const tested = experiment({ key: 'tested', arms: { plain: 1, warm: 2 }, ...more });
    const oversight = new Oversight(new Map([['tested', tested]]), { records, journal, clock });
    const watching = oversight.looks$.subscribe();
    try {
      await run({ oversight, records, told, pass: (milliseconds) => time.advance(milliseconds) });
    } finally {
      watching.unsubscribe();
    }
  });
}

const guards: Definition['guards'] = [
  { metric: 'abandoned', worse: 'higher', margin: 0.05 },
  { metric: 'answered', worse: 'lower' },
];

describe('the kill switch', () => {
  it('is seen by other processes within five seconds, both ways, and told once', () =>
    watch(async ({ oversight, records, told, pass }) => {
      await pass(second);
      expect(oversight.isStopped('tested')).toBe(false);
      await turn(records, 'tested', { stopped: true, reason: 'by hand', at: 0 });
      await pass(5 * second);
      expect(oversight.isStopped('tested')).toBe(true);
      await turn(records, 'tested', { stopped: false, reason: 'mended', at: 1 });
      await pass(20 * second);
      expect(oversight.isStopped('tested')).toBe(false);
      expect(told).toMatchObject([
        { kind: 'experiment-switched', experiment: 'tested', stopped: true, reason: 'by hand' },
        { kind: 'experiment-switched', experiment: 'tested', stopped: false, reason: 'mended' },
      ]);
    }));

  it('keeps every turn, whoever else turns at the same time', async () => {
    const records = new MemoryRecords();
    await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        turn(records, 'tested', { stopped: nth % 2 === 0, reason: `${nth}`, at: nth }),
      ),
    );
    const reasons = (await switchesOf(records, 'tested')).map(({ reason }) => Number(reason));
    expect(reasons.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('goes on looking when the records cannot be read for a while', () => {
    const records = new MemoryRecords();
    let broken = true;
    const kept = records.kept.bind(records);
    records.kept = (prefix) => {
      if (broken) throw new Error('the disk is full');
      return kept(prefix);
    };
    return watch(
      async ({ oversight, told, pass }) => {
        await pass(12 * second);
        expect(told).toMatchObject([{ kind: 'problem' }, { kind: 'problem' }, { kind: 'problem' }]);
        broken = false;
        await turn(records, 'tested', { stopped: true, reason: 'by hand', at: 0 });
        await pass(5 * second);
        expect(oversight.isStopped('tested')).toBe(true);
      },
      {},
      records,
    );
  });
});

describe('a guard', () => {
  it('stops the experiment by itself when an arm is worse for sure, and not before', () =>
    watch(
      async ({ oversight, records, pass }) => {
        await add(records, 200, { abandoned: { plain: 0.1, warm: 0.12 }, answered: { plain: 1, warm: 1 } });
        await pass(61 * second);
        expect(oversight.isStopped('tested')).toBe(false);
        await add(
          records,
          800,
          { abandoned: { plain: 0.1, warm: 0.4 }, answered: { plain: 1, warm: 1 } },
          'b',
        );
        await pass(61 * second);
        expect(oversight.isStopped('tested')).toBe(true);
        expect(await switchesOf(records, 'tested')).toMatchObject([
          { stopped: true, reason: 'guard: abandoned is higher in arm warm' },
        ]);
      },
      { guards },
    ));

  it('leaves an experiment alone that somebody let go on, and the other guards still act', () =>
    watch(
      async ({ oversight, records, pass }) => {
        await add(records, 800, { abandoned: { plain: 0.1, warm: 0.5 }, answered: { plain: 1, warm: 1 } });
        await pass(61 * second);
        await oversight.turn('tested', false, 'we bear it');
        await pass(180 * second);
        expect(oversight.isStopped('tested')).toBe(false);
        await add(
          records,
          800,
          { abandoned: { plain: 0.1, warm: 0.5 }, answered: { plain: 1, warm: 0.3 } },
          'b',
        );
        await pass(61 * second);
        expect((await switchesOf(records, 'tested')).map(({ reason }) => reason)).toEqual([
          'guard: abandoned is higher in arm warm',
          'we bear it',
          'guard: answered is lower in arm warm',
        ]);
      },
      { guards },
    ));

  it('says nothing of an arm that is better', () =>
    watch(
      async ({ oversight, records, pass }) => {
        await add(records, 800, { abandoned: { plain: 0.5, warm: 0.1 }, answered: { plain: 0.3, warm: 1 } });
        await pass(61 * second);
        expect(oversight.isStopped('tested')).toBe(false);
      },
      { guards },
    ));
});

describe('a bandit', () => {
  it('draws by its weights at first, and by what was learnt as it learns, as often as it is to', () =>
    watch(
      async ({ oversight, records, pass }) => {
        await pass(second);
        expect(oversight.chancesOf('tested')).toEqual([0.5, 0.5]);
        await add(records, 200, { answered: { plain: 0.2, warm: 0.6 } });
        await pass(5 * second);
        expect(oversight.chancesOf('tested')).toEqual([0.5, 0.5]);
        await pass(30 * second);
        expect(oversight.chancesOf('tested')).toEqual([expect.closeTo(0.1, 6), expect.closeTo(0.9, 6)]);
      },
      { metrics: ['answered'], bandit: { floor: 0.1, updateEvery: 30 * second } },
    ));
});
