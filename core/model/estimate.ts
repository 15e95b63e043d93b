/** A value and how sure it is. An end that is not known is infinite. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How an arm differs from another. */
export interface Difference extends Estimate {
  /** The chance of a difference at least as large where there is none. */
  readonly p: number;
}
