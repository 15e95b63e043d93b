import type { Metric } from '../bot/experiment/metric.ts';
import type { Pair } from '../statistics/ratios.ts';
import type { Weighed } from '../statistics/weighted.ts';
import { isSuccess, numberOf } from './metric-values.ts';
import type { ChatRecord } from './records.ts';

/** A unit with what it has above and below the line of a metric's mean. */
interface Unit {
  readonly arm: string;
  readonly propensity: number | undefined;
  numerator: number;
  denominator: number;
}

const nothing: Pair = { numerator: 0, denominator: 0 };

/**
 * What each unit adds to a metric. A unit counts once: what is measured per chat is that of its first chat of the
 * experiment, since an arm may change whether somebody comes again; a ratio takes all its chats, above and below the line.
 */
export class UnitPairs {
  readonly #metric: Metric;
  readonly #units: Unit[] = [];
  readonly #byName = new Map<string, Unit>();

  constructor(metric: Metric) {
    this.#metric = metric;
  }

  add(chat: ChatRecord): void {
    if (this.#metric.kind === 'ratio') this.#sum(chat);
    else if (chat.isFirst) this.#units.push(unitOf(chat, pairOf(this.#metric, chat)));
  }

  get pairs(): readonly Pair[] {
    return this.#units;
  }

  /** Those of them of which it is known with which chance they got their arm. */
  get weighed(): readonly Weighed[] {
    return this.#units.filter((unit): unit is Unit & Weighed => unit.propensity !== undefined);
  }

  #sum(chat: ChatRecord): void {
    const { measure, per = 'chats' } = this.#metric;
    const known = this.#byName.get(chat.unit);
    const unit = known ?? unitOf(chat, nothing);
    unit.numerator += numberOf(measure, chat.measures) ?? 0;
    unit.denominator += numberOf(per, chat.measures) ?? 0;
    if (known !== undefined) return;
    this.#byName.set(chat.unit, unit);
    this.#units.push(unit);
  }
}

function unitOf({ arm, propensity }: ChatRecord, pair: Pair): Unit {
  return { arm, propensity, ...pair };
}

/** Nothing where the chat has nothing to say. */
function pairOf(metric: Metric, { measures }: ChatRecord): Pair {
  if (metric.kind === 'proportion') return { numerator: Number(isSuccess(metric, measures)), denominator: 1 };
  if (metric.kind === 'duration') {
    // A note that never came took no time: it is none.
    const time = measures[metric.measure];
    return typeof time === 'number' ? { numerator: Math.log(Math.max(1, time)), denominator: 1 } : nothing;
  }
  const value = numberOf(metric.measure, measures);
  return value === undefined ? nothing : { numerator: value, denominator: 1 };
}
