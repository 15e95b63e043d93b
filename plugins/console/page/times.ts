const clockTime = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export function timeOf(at: number): string {
  return clockTime.format(at);
}

/** With milliseconds, as in 09:15:02.417. */
export function exactTimeOf(at: number): string {
  return `${timeOf(at)}.${String(Math.floor(at % 1_000)).padStart(3, '0')}`;
}

/** As in 4 s, 12 min, 3 h. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** As in 12 ms or 1.4 s. */
export function took(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** As in 29 Nov, 09:15. */
export function dayOf(at: number): string {
  return dayAndTime.format(at);
}
