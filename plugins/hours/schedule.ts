import { createRequire } from 'node:module';
import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const range = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/, 'must be as in 08:00-18:00');
const date = z.iso.date('must be a date as in 2026-12-24');

export const scheduleOptions = z.strictObject({
  /** The time zone, as in `Europe/Berlin`. */
  zone: z.string().refine((zone) => IANAZone.isValidZone(zone), 'is no time zone, as Europe/Berlin is'),
  /** By weekday: from when to when; a range that ends before it begins ends on the next day. A day left out is closed. */
  open: z.partialRecord(z.enum(weekdays), z.array(range)),
  /** Days that are closed whatever the weekday. */
  closed: z.array(date).default([]),
  /** Days with hours of their own, holidays included. */
  special: z.record(date, z.array(range)).default({}),
  /** Public holidays are closed: `{ country: 'DE', state: 'BY' }`. Needs the package `date-holidays`. Default: none. */
  holidays: z
    .strictObject({
      country: z.string().length(2),
      state: z.string().optional(),
      region: z.string().optional(),
    })
    .optional(),
});

export type ScheduleOptions = z.output<typeof scheduleOptions>;

/** Days that are looked through for the next opening. */
const farthest = 370;

/** When a contact centre is open. Times are milliseconds since 1970; days and hours are those of its zone. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #isHoliday: (day: DateTime) => boolean;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#isHoliday = holidaysOf(options);
  }

  isOpen(at: number): boolean {
    const now = this.#in(at);
    return [now.minus({ days: 1 }), now].some((day) =>
      this.#rangesOf(day).some(({ from, to }) => at >= from && at < to),
    );
  }

  /** When it opens next, in milliseconds since 1970; `undefined` if not within a year. */
  nextOpening(at: number): number | undefined {
    const today = this.#in(at).startOf('day');
    for (let ahead = 0; ahead <= farthest; ahead += 1) {
      const begins = this.#rangesOf(today.plus({ days: ahead })).map(({ from }) => from);
      const next = begins.filter((from) => from > at).sort((one, other) => one - other)[0];
      if (next !== undefined) return next;
    }
    return undefined;
  }

  /** A time in words of the zone, as in `Monday, 8:00 AM`. */
  worded(at: number, locale: string): string {
    return this.#in(at)
      .setLocale(locale)
      .toLocaleString({ weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' });
  }

  #in(at: number): DateTime {
    return DateTime.fromMillis(at, { zone: this.#options.zone });
  }

  #rangesOf(day: DateTime): readonly { from: number; to: number }[] {
    const { open, closed, special } = this.#options;
    const name = day.toISODate() ?? '';
    const own = special[name];
    if (own === undefined && (closed.includes(name) || this.#isHoliday(day))) return [];
    const weekday = weekdays[day.weekday - 1] ?? 'monday';
    return (own ?? open[weekday] ?? []).map((text) => {
      const [from = '', to = ''] = text.split('-');
      const begin = timeOn(day, from);
      const end = timeOn(day, to);
      return {
        from: begin.toMillis(),
        to: (end > begin ? end : timeOn(day.plus({ days: 1 }), to)).toMillis(),
      };
    });
  }
}

function timeOn(day: DateTime, time: string): DateTime {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  if (hour === 24) return day.startOf('day').plus({ days: 1 });
  return day.set({ hour, minute, second: 0, millisecond: 0 });
}

/** @throws Error when the package that knows the holidays is not there, or does not know the country. */
function holidaysOf({ holidays, zone }: ScheduleOptions): (day: DateTime) => boolean {
  if (holidays === undefined) return () => false;
  const load = createRequire(import.meta.url);
  type Calendar = {
    isHoliday(at: Date): false | readonly { readonly type: string }[];
    getCountries(): object;
  };
  const Holidays = load('date-holidays') as new (
    country: string,
    state: string | undefined,
    region: string | undefined,
    options: object,
  ) => Calendar;
  const { country, state, region } = holidays;
  const calendar = new Holidays(country, state as string, region as string, { timezone: zone });
  if (!Object.hasOwn(calendar.getCountries(), country.toUpperCase()))
    throw new Error(`${country} is no country whose holidays are known`);
  const known = new Map<string, boolean>();
  return (day) => {
    const name = day.toISODate() ?? '';
    const isOne =
      known.get(name) ??
      (calendar.isHoliday(day.startOf('day').plus({ hours: 12 }).toJSDate()) || []).some(
        ({ type }) => type === 'public' || type === 'bank',
      );
    known.set(name, isOne);
    return isOne;
  };
}
