import { signal } from '@preact/signals';
import type { ExperimentRow, ExperimentsMessage } from '../wire.ts';
import { follow } from './live.ts';

/** `undefined` as long as nothing was told. */
export const experiments = signal<ReadonlyMap<string, ExperimentRow> | undefined>(undefined);

/** Why some are missing. */
export const problem = signal<string | undefined>(undefined);

export function followExperiments(): () => void {
  return follow<ExperimentsMessage>(
    './api/live/experiments',
    undefined,
    (message) => {
      problem.value = message.problem;
      experiments.value = new Map(message.experiments.map((row) => [row.report.experiment, row]));
    },
    figures,
  );
}

const unknown: Readonly<Record<string, number>> = {
  value: Number.NaN,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

/** JSON has no figures that are not known, and no open ends. */
function figures(key: string, value: unknown): unknown {
  return value === null ? (unknown[key] ?? value) : value;
}
