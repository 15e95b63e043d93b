/** A time as tests write it: `5s`, `300ms`, `1.5m`; a number is milliseconds. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m` | `${number}h`;

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/**
 * A duration in milliseconds.
 *
 * @throws RangeError when it cannot be read.
 */
export function milliseconds(duration: Duration | string): number {
  if (typeof duration === 'number' && duration >= 0) return duration;
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(String(duration).trim()) ?? [];
  if (count === undefined) {
    throw new RangeError(`${JSON.stringify(duration)} is no duration: write 300ms, 5s, 2m, or milliseconds`);
  }
  return Number(count) * units[unit as keyof typeof units];
}

/** A duration as tests write it. */
export function durationText(duration: Duration): string {
  if (typeof duration === 'string') return duration;
  return duration >= 1_000 ? `${duration / 1_000}s` : `${duration}ms`;
}
