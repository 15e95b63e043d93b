import type { AnalyticsBatch } from '../../core/index.ts';

/** A batch as JSON lines: one for each event, each with its line end. */
export function linesOf({ events }: Pick<AnalyticsBatch, 'events'>): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
