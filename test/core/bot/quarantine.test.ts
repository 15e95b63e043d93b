import { timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { Quarantine, type QuarantineOptions } from '../../../core/bot/quarantine.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';

/** What becomes of a plugin to which this happens, and when. */
function story(options: QuarantineOptions, tell: (quarantine: Quarantine) => void): string[] {
  const events: string[] = [];
  new TestScheduler(() => undefined).run(() => {
    const clock = new RxClock();
    const quarantine = new Quarantine('p', clock, options, {
      onQuarantined: (reason, until) => events.push(`${clock.now()} quarantined until ${until}: ${reason}`),
      onReleased: () => events.push(`${clock.now()} released`),
    });
    tell(quarantine);
  });
  return events;
}

const failAt = (quarantine: Quarantine, ...times: number[]): void => {
  for (const at of times) timer(at).subscribe(() => quarantine.fail(`at ${at}`));
};

describe('a plugin that fails', () => {
  it('is kept away after so many failures, tried again, and set free when all goes well', () => {
    expect(story({ failures: 3, pause: 1_000 }, (one) => failAt(one, 0, 10, 20))).toEqual([
      '20 quarantined until 1020: at 20',
      '11020 released',
    ]);
  });

  it('is forgiven what is long ago', () => {
    expect(story({ failures: 3, within: 100 }, (one) => failAt(one, 0, 60, 120, 240))).toEqual([]);
  });

  it('is brought back by the first failure of its trial, for twice as long', () => {
    expect(story({ failures: 1, pause: 1_000 }, (one) => failAt(one, 0, 1_500, 4_000))).toEqual([
      '0 quarantined until 1000: at 0',
      '1500 quarantined until 3500: at 1500',
      '4000 quarantined until 8000: at 4000',
      '18000 released',
    ]);
  });

  it('is set free at once by a line that was handled in its trial', () => {
    const events = story({ failures: 1, pause: 1_000 }, (one) => {
      failAt(one, 0);
      timer(1_200).subscribe(() => one.succeed());
    });
    expect(events.at(-1)).toBe('1200 released');
  });

  it('never waits longer than ten minutes', () => {
    const events = story({ failures: 1, pause: 500_000 }, (one) => failAt(one, 0, 500_001));
    expect(events[1]).toBe('500001 quarantined until 1100001: at 500001');
  });

  it('can be kept away, and set free, by hand', () => {
    const events = story({}, (one) => {
      one.quarantine('said the supervisor');
      timer(50).subscribe(() => one.release());
      timer(60).subscribe(() => one.release());
    });
    expect(events).toEqual(['0 quarantined until 60000: said the supervisor', '50 released']);
  });

  it('shows how it is doing', () => {
    const states: string[] = [];
    story({ failures: 2, pause: 100 }, (one) => {
      const look = (): void => {
        const { state, failures, since } = one.status;
        states.push(`${state} ${failures} since ${since}`);
      };
      failAt(one, 10, 20);
      for (const at of [5, 15, 25, 150, 20_000]) timer(at).subscribe(look);
    });
    expect(states).toEqual([
      'running 0 since 0',
      'running 1 since 0',
      'quarantined 2 since 20',
      'probing 2 since 120',
      'running 0 since 10120',
    ]);
  });
});
