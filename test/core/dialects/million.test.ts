import { describe, expect, it } from 'vitest';
import { dialectNames, dialects } from '../../../core/dialects/index.ts';
import { Interactions } from '../../../core/streams/interactions.ts';
import { testAgent } from '../../../core/testing/server/people.ts';
import { Dice, notification } from './hostile-notifications.ts';

const million = 1_000_000;

/** The dialects read events alike: one of them gets all, the others enough to see what they do differently. */
const amounts = { 'gws-8.5.0': million / 10, 'gws-8.5.1': million / 10, 'gws-8.5.2': million };

describe('a million notifications, most of them wrong', () => {
  it.each(dialectNames)('throw nothing, and every one is counted: %s', { timeout: 240_000 }, (name) => {
    const dialect = dialects[name].create({});
    const dice = new Dice(20_260_101);
    const kinds: Record<string, number> = {};
    const problems: Record<string, number> = {};
    let lines = 0;
    const interactions = new Interactions(testAgent, (code) => {
      problems[code] = (problems[code] ?? 0) + 1;
    });
    interactions.opened$.subscribe(({ messages$ }) => messages$.subscribe(() => (lines += 1)));
    const amount = amounts[name];
    for (let at = 0; at < amount; at += 1) {
      const decoded = dialect.decode(dialect.topics[0] ?? '', notification(dice));
      kinds[decoded.kind] = (kinds[decoded.kind] ?? 0) + 1;
      interactions.apply(decoded);
    }
    expect(Object.values(kinds).reduce((sum, count) => sum + count)).toBe(amount);
    // Each kind of input is there in numbers, and what is wrong has its problem.
    for (const kind of ['interaction', 'transcript', 'malformed', 'unknown']) {
      expect(kinds[kind], kind).toBeGreaterThan(amount / 100);
    }
    expect(problems['USHER_NOTIFICATION_UNKNOWN']).toBe(kinds['unknown']);
    expect(problems['USHER_NOTIFICATION_MALFORMED']).toBeGreaterThanOrEqual(kinds['malformed'] ?? 0);
    expect(lines).toBeGreaterThan(0);
    // Nothing has been written where everybody would read it.
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    interactions.close();
  });
});
