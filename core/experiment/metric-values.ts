import type { Metric } from '../bot/experiment/metric.ts';
import type { Measures } from '../model/experiment.ts';

/** Whether a chat counts as a success of a proportion. */
export function isSuccess({ measure, is }: Metric, measures: Measures): boolean {
  const value = measures[measure];
  return is === undefined ? value !== undefined && value !== 0 : value === is;
}

/** A measure as a number; notes that never came are none, so 0. `undefined`: the chat has nothing to say here. */
export function numberOf(measure: string, measures: Measures): number | undefined {
  if (measure === 'chats') return 1;
  const value = measures[measure];
  if (typeof value === 'number') return value;
  return measure.startsWith('note:') ? 0 : undefined;
}
