import type { FleetState } from '../../model/fleet-state.ts';

const columns = ['worker', 'id', 'state', 'agents', 'share', 'capacity', 'lease', 'lag'] as const;

/** As a table for people. */
export function fleetText({ agents, free, workers }: FleetState): string {
  const rows = workers.map((row) => [
    row.name,
    row.incarnation.slice(0, 8),
    row.state,
    String(row.agents),
    String(row.share),
    String(row.capacity),
    seconds(row.lease),
    seconds(row.lag),
  ]);
  const widths = columns.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at < 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  const sum = `${agents} ${agents === 1 ? 'agent' : 'agents'}, ${free} of them run by nobody`;
  if (rows.length === 0) return `no worker has joined; ${sum}`;
  return [line(columns), ...rows.map(line), sum].join('\n');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
