import type { Message } from 'cometd';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import { PollRhythm } from '../../../core/transport/poll-rhythm.ts';

const poll = (): Message => ({ channel: '/meta/connect' });
const reply = (members: object = {}): Message => ({ channel: '/meta/connect', successful: true, ...members });
const event: Message = { channel: '/v2/me/interactions', data: {} };

/** A rhythm that wants polls of 20 s, after a handshake that was advised this. */
function rhythm(advice?: unknown): PollRhythm {
  const made = new PollRhythm({ hold: 20_000 });
  made.incoming({ channel: '/meta/handshake', successful: true, advice } as Message);
  return made;
}

/** Takes part in polls of these lengths, in virtual time; returns the intervals before the next of each. */
function polling(made: PollRhythm, lengths: readonly number[], told = false): (number | undefined)[] {
  const scheduler = new TestScheduler(() => undefined);
  return scheduler.run(() => {
    const intervals = lengths.map((length) => {
      made.outgoing(poll());
      scheduler.schedule(() => undefined, length);
      scheduler.flush();
      const { advice } = made.incoming(reply());
      if (told) made.incoming(event);
      return advice?.interval;
    });
    made.outgoing(poll());
    return intervals;
  });
}

const advised = (made: PollRhythm) => made.incoming(reply()).advice;

describe('advice', () => {
  it.each<[unknown, object]>([
    [undefined, { interval: 0, timeout: 20_000 }],
    [null, { interval: 0, timeout: 20_000 }],
    [
      { interval: 250, timeout: 10_000, maxInterval: 5_000 },
      { interval: 250, timeout: 10_000, maxInterval: 5_000 },
    ],
    [
      { interval: '250', timeout: '10000', maxInterval: '5' },
      { interval: 0, timeout: 20_000, maxInterval: 0 },
    ],
    [
      { interval: -1, timeout: -1 },
      { interval: 0, timeout: 20_000 },
    ],
    [
      { interval: Number.NaN, timeout: Number.POSITIVE_INFINITY },
      { interval: 0, timeout: 20_000 },
    ],
    [
      { interval: 1e12, timeout: 1e12 },
      { interval: 60_000, timeout: 20_000 },
    ],
    [
      { interval: {}, timeout: [] },
      { interval: 0, timeout: 20_000 },
    ],
  ])('%j is handed on as %j', (given, expected) => {
    expect(advised(rhythm(given))).toMatchObject(expected);
  });

  it.each([
    ['retry', true, 'retry'],
    ['none', true, 'none'],
    ['handshake', true, 'retry'],
    ['nonsense', true, 'retry'],
    [undefined, true, 'retry'],
    ['handshake', false, 'handshake'],
    ['none', false, 'none'],
    ['nonsense', false, undefined],
  ])('to reconnect by %s, with success %s, is handed on as %s', (reconnect, successful, expected) => {
    const message = rhythm().incoming(reply({ successful, advice: { reconnect } }));
    expect(message.advice?.reconnect).toBe(expected);
  });

  it('that came with a message does not stop the next poll', () => {
    const made = rhythm({ reconnect: 'retry' });
    made.incoming({ ...event, advice: { reconnect: 'handshake' } });
    expect(advised(made)?.reconnect).toBe('retry');
  });

  it('is not added to other messages', () => {
    expect(rhythm().incoming(event)).toBe(event);
  });
});

describe('the server', () => {
  it('is asked for a shorter hold than it advises', () => {
    expect(rhythm({ timeout: 60_000 }).outgoing(poll()).advice).toEqual({ timeout: 20_000 });
  });

  it.each([
    ['its own is shorter', 15_000, {}],
    ['the library wants none', 60_000, { advice: { timeout: 0 } }],
  ])('is not where %s', (_what, timeout, members) => {
    const message = { ...poll(), ...members };
    expect(rhythm({ timeout }).outgoing(message)).toEqual(message);
  });

  it('is waited for as long as it advised, once per poll, until it has kept to the shorter hold', () => {
    const made = rhythm({ timeout: 60_000 });
    made.outgoing(poll());
    expect([made.lateness([poll()]), made.lateness([poll()])]).toEqual([40_000, 0]);
    expect(made.longest).toBe(60_000);
    polling(made, [20_000]);
    expect(made.longest).toBe(20_000);
    expect(made.lateness([poll()])).toBe(0);
    // It was late once: it may be another now.
    made.outgoing(poll());
    expect(made.lateness([poll()])).toBe(40_000);
  });

  it.each([
    ['its own hold', [60_000], false],
    ['a moment', [50], false],
    ['the shorter hold, but for a message', [20_000], true],
  ])('has not kept to the shorter hold when a poll takes %s', (_what, lengths, told) => {
    const made = rhythm({ timeout: 60_000 });
    polling(made, lengths, told);
    expect(made.lateness([poll()])).toBe(40_000);
  });

  it('is not waited for with other messages', () => {
    const made = rhythm({ timeout: 60_000 });
    made.outgoing(poll());
    expect(made.lateness([{ channel: '/meta/subscribe' }])).toBe(0);
  });

  it('that holds polls for hours is waited for two minutes', () => {
    const made = rhythm({ timeout: 36_000_000 });
    made.outgoing(poll());
    expect([made.longest, made.lateness([poll()])]).toEqual([120_000, 100_000]);
  });
});

describe('polls that are answered at once', () => {
  it('are spaced out from the fifth on, up to two seconds', () => {
    expect(polling(rhythm(), Array(11).fill(1))).toEqual([
      0, 0, 0, 0, 100, 200, 400, 800, 1_600, 2_000, 2_000,
    ]);
  });

  it.each<[string, number, boolean]>([
    ['held', 30_000, false],
    ['a message', 1, true],
  ])('are made at full pace again after one that was %s', (_what, length, told) => {
    const made = rhythm();
    polling(made, [1, 1, 1, 1, 1, 1]);
    expect(advised(made)?.interval).toBeGreaterThan(0);
    polling(made, [length], told);
    expect(advised(made)?.interval).toBe(0);
  });

  it("keep the server's interval if that is longer", () => {
    const made = rhythm({ interval: 5_000 });
    polling(made, [1, 1, 1, 1, 1]);
    expect(advised(made)?.interval).toBe(5_000);
  });

  it('are not seen in a clock that was set back', () => {
    const made = rhythm({ timeout: 60_000 });
    let now = 1_000_000_000;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now);
    for (let n = 0; n < 10; n += 1) {
      made.outgoing(poll());
      now -= 20_000;
      made.incoming(reply());
    }
    made.outgoing(poll());
    clock.mockRestore();
    expect(advised(made)?.interval).toBe(0);
    expect(made.longest).toBe(60_000);
  });
});
