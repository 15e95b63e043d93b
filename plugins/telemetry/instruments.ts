import type { Attributes, Meter } from '@opentelemetry/api';
import { type MetricDescription, type MetricName, metrics, type NameOf, secondsBounds } from './metrics.ts';

export interface Instruments {
  add(name: NameOf<'counter'>, attributes?: Attributes): void;
  /** Takes milliseconds, and records seconds. */
  took(name: NameOf<'histogram'>, milliseconds: number, attributes?: Attributes): void;
  /** Asked whenever the metrics are read. */
  observe(
    name: NameOf<'gauge'>,
    read: () => Iterable<readonly [value: number, attributes?: Attributes]>,
  ): void;
}

/** All metrics on a meter. */
export function instruments(meter: Meter): Instruments {
  const entries = Object.entries(metrics) as [MetricName, MetricDescription][];
  const of = <Value>(
    kind: MetricDescription['kind'],
    make: (name: string, description: MetricDescription) => Value,
  ): Map<string, Value> =>
    new Map(
      entries
        .filter(([, description]) => description.kind === kind)
        .map(([name, description]) => [name, make(name, description)]),
    );
  const counters = of('counter', (name, { unit, description }) =>
    meter.createCounter(name, { unit, description }),
  );
  const histograms = of('histogram', (name, { unit, description }) =>
    meter.createHistogram(name, {
      unit,
      description,
      advice: { explicitBucketBoundaries: secondsBounds },
    }),
  );
  const gauges = of('gauge', (name, { unit, description }) =>
    meter.createObservableGauge(name, { unit, description }),
  );
  return {
    add: (name, attributes) => counters.get(name)?.add(1, attributes),
    took: (name, milliseconds, attributes) =>
      histograms.get(name)?.record(Math.max(0, milliseconds) / 1_000, attributes),
    observe: (name, read) =>
      gauges.get(name)?.addCallback((result) => {
        for (const [value, attributes] of read()) result.observe(value, attributes);
      }),
  };
}
