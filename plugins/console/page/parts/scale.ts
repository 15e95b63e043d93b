/** Puts the values of an axis on pixels. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/**
 * An axis from one pixel to another that shows all finite values of `shown`, and some round values between. A factor is
 * drawn by its logarithm: twice and half as much are equally far from once.
 */
export function scaleOf(
  shown: readonly number[],
  [from, to]: readonly [number, number],
  { isFactor = false, most = 5 }: { readonly isFactor?: boolean; readonly most?: number } = {},
): Scale {
  const drawn = isFactor ? Math.log2 : (value: number): number => value;
  const finite = shown.filter((value) => Number.isFinite(drawn(value)));
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const isPoint = !(high > low);
  const start = isPoint ? drawn(finite[0] ?? 0) - 0.5 : drawn(low);
  const end = isPoint ? start + 1 : drawn(high);
  const margin = 0.04 * (end - start);
  const perUnit = (to - from) / (end - start + 2 * margin);
  const first = Math.min(from, to);
  const last = Math.max(from, to);
  return {
    at: (value) => Math.min(last, Math.max(first, from + (drawn(value) - start + margin) * perUnit)),
    ticks: isFactor ? roundFactors(start, end, most) : roundValues(start, end, most),
  };
}

function roundValues(start: number, end: number, most: number): readonly number[] {
  const step = stepOf((end - start) / most);
  const first = Math.ceil(start / step);
  const count = Math.floor(end / step) - first + 1;
  // Zero is zero, and not −0.
  return Array.from({ length: Math.max(0, count) }, (_, nth) => (first + nth) * step || 0);
}

/** Even steps of the factor where it changes little, doublings where it changes a lot. */
function roundFactors(start: number, end: number, most: number): readonly number[] {
  if (end - start < 2) return roundValues(2 ** start, 2 ** end, most);
  const step = Math.max(1, Math.ceil((end - start) / most));
  const first = Math.ceil(start / step);
  const count = Math.floor(end / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, nth) => 2 ** ((first + nth) * step));
}

/** 1, 2 or 5 with some noughts, and not below what is asked for. */
function stepOf(least: number): number {
  const size = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((times) => times * size >= least) ?? 10) * size;
}
