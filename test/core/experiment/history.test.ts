import { describe, expect, it } from 'vitest';
import { historyOf } from '../../../core/experiment/history.ts';
import type { ChatRecord } from '../../../core/experiment/records.ts';
import { reportFrom } from '../../../core/experiment/report.ts';
import { type ExperimentDefinition, experiment } from '../../../core/index.ts';
import { seeded } from './random.ts';

const random = seeded(7);

/** Some customers come twice; in `warm` more of them write, and are answered sooner. */
const chats: readonly ChatRecord[] = Array.from({ length: 600 }, (_, nth) => {
  const warm = random() < 0.5;
  const isAgain = nth > 0 && nth % 10 === 0;
  return {
    arm: isAgain ? 'plain' : warm ? 'warm' : 'plain',
    unit: isAgain ? 'regular' : `unit ${nth}`,
    reason: 'split',
    propensity: 0.5,
    at: 1_000 * nth,
    agent: 'ada',
    interactionId: `chat ${nth}`,
    isFirst: !isAgain || nth === 10,
    measures: {
      engaged: Number(random() < (warm ? 0.8 : 0.4)),
      turns: Math.floor(4 * random()),
      timeToFirstReply: (warm ? 1_000 : 2_000) * (0.5 + random()),
      handOff: Number(random() < 0.2),
    },
  };
});

const greeting = (more: Partial<ExperimentDefinition<Record<string, string>>> = {}) =>
  experiment({
    key: 'greeting',
    arms: { plain: 'Hello!', warm: 'Hi!' },
    metrics: [
      'engaged',
      'turns',
      'timeToFirstReply',
      { name: 'perChat', kind: 'ratio', of: 'handOff', per: 'chats' },
    ],
    plan: { units: 600 },
    ...more,
  });

describe('the history of the differences', () => {
  it.each([
    ['a fixed split', {}],
    ['a bandit', { metrics: ['engaged', 'turns'], bandit: {} } as const],
  ])('ends where the report stands: %s', (_, more) => {
    const tried = greeting(more);
    const { metrics } = reportFrom(tried, { exposed: chats, chats });
    const ends = historyOf(tried, chats).map(({ metric, arm, looks }) => ({
      metric,
      arm,
      end: looks.at(-1),
    }));
    expect(ends).toEqual(
      metrics.map(({ name, differences: [found] }) => ({
        metric: name,
        arm: 'warm',
        end: {
          at: 599_000,
          units: expect.any(Number),
          value: found?.value,
          low: found?.low,
          high: found?.high,
        },
      })),
    );
  });

  it('is what the report would have said at each of its moments', () => {
    const tried = greeting();
    for (const { metric, looks } of historyOf(tried, chats)) {
      for (const { at, units, value, low, high } of looks) {
        const before = chats.filter((chat) => chat.at <= at);
        const then = reportFrom(tried, { exposed: before, chats: before }).metrics.find(
          ({ name }) => name === metric,
        );
        expect(then?.differences).toMatchObject([{ value, low, high }]);
        expect(then?.arms.reduce((sum, { n }) => sum + n, 0)).toBe(units);
      }
    }
  });

  it('narrows, and is silent as long as it is too early to say', () => {
    const [engaged] = historyOf(greeting(), chats);
    const widths = engaged?.looks.map(({ low, high }) => high - low) ?? [];
    expect(widths.length).toBeGreaterThan(20);
    expect(widths.length).toBeLessThan(30);
    expect(widths.at(-1)).toBeLessThan((widths[0] ?? 0) / 2);
    expect(engaged?.looks[0]?.units).toBeGreaterThanOrEqual(60);
    expect(historyOf(greeting(), chats.slice(0, 20)).flatMap(({ looks }) => looks)).toEqual([]);
    expect(historyOf(greeting(), []).flatMap(({ looks }) => looks)).toEqual([]);
  });

  it('does not exist for a test with a fixed end', () => {
    expect(historyOf(greeting({ plan: { units: 600, test: 'fixed' } }), chats)).toEqual([]);
  });
});
