import { describe, expect, it } from 'vitest';
import { MemoryRecords } from '../../../core/experiment/memory-records.ts';
import { keys } from '../../../core/experiment/records.ts';
import { reportOf } from '../../../core/experiment/report.ts';
import { turn } from '../../../core/experiment/switches.ts';
import { type ExperimentDefinition, experiment } from '../../../core/index.ts';
import { seeded } from './random.ts';

type Definition = Partial<ExperimentDefinition<{ plain: number; warm: number }>>;

const of = (more: Definition = {}) =>
  experiment({ key: 'tested', arms: { plain: 1, warm: 2 }, metrics: ['engaged'], ...more });

interface Chat {
  readonly unit: string;
  readonly arm: string;
  readonly at?: number;
  readonly measures?: Readonly<Record<string, number | string>>;
  readonly reason?: 'split' | 'provider' | 'holdout';
}

/** Records as chats leave them; without `measures` a chat is not over. */
async function recordsWith(chats: readonly Chat[]): Promise<MemoryRecords> {
  const records = new MemoryRecords();
  await records.keep(
    chats.flatMap(({ unit, arm, at = 0, measures, reason = 'split' }, nth) => {
      const id = `chat-${nth}`;
      const exposed = { unit, arm, at: at || nth, reason, propensity: 0.5, agent: 'ada' };
      return [
        { key: keys.chat('tested', id), body: exposed },
        ...(measures === undefined ? [] : [{ key: keys.end('tested', id), body: { at: nth + 1, measures } }]),
      ];
    }),
  );
  return records;
}

/** So many units of each arm, of which a share is engaged. */
const crowd = (n: number, plain: number, warm: number): readonly Chat[] =>
  Array.from({ length: 2 * n }, (_, nth): Chat => {
    const arm = nth % 2 === 0 ? 'plain' : 'warm';
    const place = Math.floor(nth / 2) / n;
    return { unit: `u${nth}`, arm, measures: { engaged: Number(place < (arm === 'plain' ? plain : warm)) } };
  });

const report = async (chats: readonly Chat[], more: Definition = {}) =>
  reportOf(of(more), await recordsWith(chats));

describe('the report of an experiment', () => {
  it('tells units, figures, and which arm is ahead', async () => {
    const found = await report(crowd(400, 0.3, 0.5));
    expect(found).toMatchObject({
      experiment: 'tested',
      control: 'plain',
      test: 'sequential',
      units: 800,
      arms: [
        { arm: 'plain', share: 0.5, units: 400, chats: 400, ended: 400 },
        { arm: 'warm', share: 0.5, units: 400, chats: 400, ended: 400 },
      ],
      sampleRatio: { broken: false, p: 1 },
    });
    const [metric] = found.metrics;
    expect(metric?.arms.map(({ arm, n, value }) => [arm, n, value])).toEqual([
      ['plain', 400, 0.3],
      ['warm', 400, 0.5],
    ]);
    expect(metric?.differences).toMatchObject([{ arm: 'warm', value: 0.2, verdict: 'higher' }]);
    expect(metric?.differences[0]?.correctedP).toBeLessThan(0.001);
  });

  it('counts a unit once, by its first chat, also while that one is not over', async () => {
    const again = { unit: 'u0', arm: 'plain', measures: { engaged: 1 } };
    const found = await report([
      { unit: 'u0', arm: 'plain', measures: { engaged: 0 } },
      again,
      again,
      { unit: 'u1', arm: 'plain' },
      { unit: 'u1', arm: 'plain', measures: { engaged: 1 } },
    ]);
    expect(found.arms[0]).toMatchObject({ units: 2, chats: 5, ended: 4 });
    expect(found.metrics[0]?.arms[0]).toMatchObject({ n: 1, value: 0 });
  });

  it('says nothing of a difference before there are 30 units in each arm', async () => {
    expect((await report(crowd(29, 0, 1))).metrics[0]?.differences).toEqual([]);
    expect((await report(crowd(30, 0, 1))).metrics[0]?.differences).toHaveLength(1);
  });

  it('at a fixed end tells the difference once the planned units are there, and of those alone', async () => {
    const fixed: Definition = { plan: { units: 200, test: 'fixed' } };
    expect((await report(crowd(99, 0.3, 0.5), fixed)).metrics[0]?.differences).toEqual([]);
    const due = (await report(crowd(100, 0.3, 0.5), fixed)).metrics;
    expect(due[0]?.differences).toMatchObject([{ value: 0.2 }]);
    const late = Array.from(
      { length: 500 },
      (_, nth): Chat => ({
        unit: `late${nth}`,
        arm: nth % 2 === 0 ? 'plain' : 'warm',
        measures: { engaged: 1 },
        at: 10_000 + nth,
      }),
    );
    expect((await report([...crowd(100, 0.3, 0.5), ...late], fixed)).metrics).toEqual(due);
  });

  it('at a fixed end counts units, not those of them that have something to say', async () => {
    const silent = crowd(100, 0.3, 0.5).map((chat, nth) => ({
      ...chat,
      measures: nth % 4 < 2 ? { timeToFirstReply: 1_000 + nth } : {},
    }));
    const found = await report(silent, {
      metrics: ['timeToFirstReply'],
      plan: { units: 200, test: 'fixed' },
    });
    expect(found.metrics[0]).toMatchObject({ arms: [{ n: 50 }, { n: 50 }], differences: [{ arm: 'warm' }] });
  });

  it('widens intervals and raises p by the number of comparisons', async () => {
    const chats = crowd(400, 0.3, 0.4).map((chat) => ({ ...chat, measures: { ...chat.measures, turns: 2 } }));
    const fixed = { units: 800, test: 'fixed' } as const;
    const [alone] = (await report(chats, { plan: fixed })).metrics;
    const [one] = (await report(chats, { metrics: ['engaged', 'turns'], plan: fixed })).metrics;
    const [first, second] = [alone?.differences[0], one?.differences[0]];
    expect(second?.correctedP).toBeCloseTo(2 * (first?.correctedP ?? 0), 10);
    expect(second?.low).toBeLessThan(first?.low ?? 0);
    expect(second?.value).toBe(first?.value);
  });

  it('raises hardly any false alarm among many metrics and arms', async () => {
    const many = experiment({
      key: 'tested',
      arms: { a: 1, b: 2, c: 3 },
      metrics: ['engaged', 'handOff', 'turns', 'duration'],
      plan: { units: 300 },
    });
    let alarms = 0;
    const rounds = 400;
    for (let seed = 0; seed < rounds; seed += 1) {
      const random = seeded(seed);
      const chats = Array.from(
        { length: 300 },
        (_, nth): Chat => ({
          unit: `u${nth}`,
          arm: many.arms[nth % 3] ?? '',
          measures: {
            engaged: Number(random() < 0.4),
            handOff: Number(random() < 0.2),
            turns: Math.floor(5 * random()),
            duration: 60_000 * random(),
          },
        }),
      );
      const { metrics } = await reportOf(many, await recordsWith(chats));
      if (metrics.some(({ differences }) => differences.some(({ verdict }) => verdict !== 'undecided')))
        alarms += 1;
    }
    process.stdout.write(`A/A, 4 metrics of 3 arms: an alarm in ${alarms} of ${rounds} experiments\n`);
    expect(alarms / rounds).toBeLessThanOrEqual(0.05);
  }, 120_000);

  it('tells a split that is broken, and judges none that is not by the weights', async () => {
    const lost = crowd(500, 0.3, 0.3).filter(({ arm }, nth) => arm === 'plain' || nth % 4 !== 1);
    expect((await report(lost)).sampleRatio).toMatchObject({ broken: true });
    const weights = { plain: 2, warm: 1 };
    expect((await report(lost, { weights })).sampleRatio).toMatchObject({ broken: false });
    const theirs = lost.map((chat) => ({ ...chat, reason: 'provider' as const }));
    expect((await report(theirs)).sampleRatio).toBeUndefined();
    expect((await report(lost, { bandit: {} })).sampleRatio).toBeUndefined();
  });

  it('shows those who got no experiment beside the arms, and counts them nowhere', async () => {
    const held: Chat = { unit: 'held', arm: 'holdout', reason: 'holdout', measures: { engaged: 1 } };
    const found = await report([...crowd(40, 0.5, 0.5), held], { holdout: 0.1 });
    expect(found.holdout).toMatchObject({ units: 1, share: 0.1 });
    expect(found.units).toBe(80);
    expect(found.sampleRatio).toMatchObject({ p: 1 });
    expect(found.metrics[0]?.arms.at(-1)).toMatchObject({ arm: 'holdout', n: 1, value: 1 });
    expect(found.metrics[0]?.differences.map(({ arm }) => arm)).toEqual(['warm']);
  });

  it('tells durations as factors, and dispositions as shares', async () => {
    const chats = crowd(60, 0, 0).map((chat, nth) => ({
      ...chat,
      measures: {
        duration: (chat.arm === 'warm' ? 2_000 : 1_000) * (1 + (nth % 7) / 10),
        disposition: nth % 4 < 2 ? 'sold' : 'none',
      },
    }));
    const { metrics } = await report(chats, { metrics: ['duration', { name: 'sold', disposition: 'sold' }] });
    expect(metrics[0]?.differences[0]).toMatchObject({ value: expect.closeTo(2, 0.02), verdict: 'higher' });
    expect(metrics[1]?.arms.map(({ value }) => value)).toEqual([0.5, 0.5]);
  });

  it('says that it was stopped, why and when', async () => {
    const records = await recordsWith(crowd(40, 0.5, 0.5));
    await turn(records, 'tested', { stopped: true, reason: 'by hand', at: 7 });
    expect((await reportOf(of(), records)).stopped).toMatchObject({ reason: 'by hand', at: 7 });
    await turn(records, 'tested', { stopped: false, reason: 'mended', at: 8 });
    expect((await reportOf(of(), records)).stopped).toBeUndefined();
  });

  it('has nothing to say of an experiment without chats', async () => {
    const found = await report([]);
    expect(found).toMatchObject({ units: 0, sampleRatio: { broken: false, p: 1 } });
    expect(found.metrics[0]).toMatchObject({ arms: [{ n: 0 }, { n: 0 }], differences: [] });
  });
});
