import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { hours, Schedule, scheduleOptions } from 'usher-bots/plugins/hours';
import { scripted } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';

const workdays = {
  monday: ['08:00-18:00'],
  tuesday: ['08:00-18:00'],
  friday: ['08:00-12:00', '13:00-18:00'],
};
const berlin = (options = {}) =>
  new Schedule(scheduleOptions.parse({ zone: 'Europe/Berlin', open: workdays, ...options }));
const at = (text: string): number => Date.parse(text);

describe('a schedule', () => {
  it.each([
    ['2026-11-23T07:59:59+01:00', false],
    ['2026-11-23T08:00:00+01:00', true],
    ['2026-11-23T17:59:59+01:00', true],
    ['2026-11-23T18:00:00+01:00', false],
    ['2026-11-27T12:30:00+01:00', false],
    ['2026-11-27T13:00:00+01:00', true],
    ['2026-11-28T10:00:00+01:00', false],
  ])('at %s: open is %s', (when, open) => {
    expect(berlin().isOpen(at(when))).toBe(open);
  });

  it('knows the next opening, over a weekend and over closed days', () => {
    expect(berlin().nextOpening(at('2026-11-27T19:00:00+01:00'))).toBe(at('2026-11-30T08:00:00+01:00'));
    const closed = berlin({ closed: ['2026-11-30'] });
    expect(closed.nextOpening(at('2026-11-27T19:00:00+01:00'))).toBe(at('2026-12-01T08:00:00+01:00'));
    expect(berlin({ open: {} }).nextOpening(0)).toBeUndefined();
  });

  it('goes over midnight', () => {
    const night = berlin({ open: { friday: ['22:00-02:00'] } });
    expect(night.isOpen(at('2026-11-28T01:59:00+01:00'))).toBe(true);
    expect(night.isOpen(at('2026-11-28T02:00:00+01:00'))).toBe(false);
  });

  it('keeps to the clock on the wall when the clocks change', () => {
    // 2026-03-29: 02:00 to 03:00 does not exist; 2026-10-25: 02:00 to 03:00 comes twice.
    const sundays = berlin({ open: { sunday: ['01:30-03:30'] } });
    expect(sundays.isOpen(at('2026-03-29T03:15:00+02:00'))).toBe(true);
    expect(sundays.isOpen(at('2026-03-29T03:45:00+02:00'))).toBe(false);
    expect(sundays.isOpen(at('2026-10-25T02:30:00+02:00'))).toBe(true);
    expect(sundays.isOpen(at('2026-10-25T02:30:00+01:00'))).toBe(true);
    expect(sundays.nextOpening(at('2026-03-28T12:00:00+01:00'))).toBe(at('2026-03-29T01:30:00+01:00'));
  });

  // Bavaria's Labour Day and Corpus Christi 2026, and a Friday that is none. Source: Bavarian law on holidays (FTG).
  it('is closed on public holidays of the country, the state, and open where a day has hours of its own', () => {
    const bavaria = berlin({
      holidays: { country: 'DE', state: 'BY' },
      open: { ...workdays, thursday: ['08:00-18:00'] },
    });
    expect(bavaria.isOpen(at('2026-05-01T10:00:00+02:00'))).toBe(false);
    expect(bavaria.isOpen(at('2026-06-04T10:00:00+02:00'))).toBe(false);
    expect(bavaria.isOpen(at('2026-05-08T10:00:00+02:00'))).toBe(true);
    const special = berlin({ holidays: { country: 'DE' }, special: { '2026-05-01': ['10:00-11:00'] } });
    expect(special.isOpen(at('2026-05-01T10:30:00+02:00'))).toBe(true);
  });
});

describe('hours', () => {
  const bot = (options = {}) => [
    autoAccept(),
    hours({
      zone: 'Europe/Berlin',
      open: workdays,
      closedText: 'We are closed, {FirstName|dear customer}. We open on {opening}.',
      ...options,
    }),
  ];

  it('says when it opens next, once, and stays', () =>
    scripted(
      bot(),
      async ({ customer, bot }) => {
        customer('Mia').joins();
        await expect(bot).toSay('We are closed, dear customer. We open on Monday 30 November at 8:00.');
        await expect(bot).toStaySilent('1h');
      },
      { at: new Date('2026-11-27T19:00:00+01:00') },
    ));

  it('says nothing while it is open', () =>
    scripted(
      bot(),
      async ({ customer, bot }) => {
        customer('Mia').joins();
        await expect(bot).toStaySilent('1m');
      },
      { at: new Date('2026-11-27T10:00:00+01:00') },
    ));

  it('finishes if told to', () =>
    scripted(
      bot({ do: 'finish' }),
      async ({ customer, bot }) => {
        customer('Mia').joins();
        await expect(bot).toDo('stopProcessing');
      },
      { at: new Date('2026-11-27T19:00:00+01:00') },
    ));

  it.each([
    [{ zone: 'Berlin' }, /options\.zone: is no time zone/],
    [{ open: { monday: ['8-18'] } }, /options\.open\.monday\[0\]: must be as in 08:00-18:00/],
    [{ holidays: { country: 'XX' } }, /options\.holidays: XX is no country/],
  ])('refuses %j', (options, message) => {
    expect(() => bot(options)).toThrow(message);
  });
});
