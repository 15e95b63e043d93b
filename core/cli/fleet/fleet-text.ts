import type { FleetState, ShardRow } from '../../model/fleet-state.ts';

const columns = ['worker', 'id', 'state', 'agents', 'share', 'capacity', 'lease', 'lag'] as const;
/** How many of them hold numbers, to the right. */
const numbers = 5;

/** As a table for people. */
export function fleetText({ agents, free, workers, shards }: FleetState): string {
  const titles = shards === undefined ? columns : ['shard', ...columns];
  const texts = titles.length - numbers;
  const rows = workers.map((row) => [
    ...(shards === undefined ? [] : [String(row.shard)]),
    row.name,
    row.incarnation.slice(0, 8),
    row.state,
    String(row.agents),
    String(row.share),
    String(row.capacity),
    seconds(row.lease),
    seconds(row.lag),
  ]);
  const widths = titles.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at < texts ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  const sum = `${agents} ${agents === 1 ? 'agent' : 'agents'}, ${free} of them run by nobody`;
  const away = (shards ?? []).filter(({ answers }) => !answers).map(awayText);
  if (rows.length === 0) return [...away, `no worker has joined; ${sum}`].join('\n');
  return [line(titles), ...rows.map(line), ...away, sum].join('\n');
}

function awayText({ shard, store, agents }: ShardRow): string {
  const whose = agents === 1 ? 'its agent is' : `its ${agents} agents are`;
  return `shard ${shard}, ${store}, does not answer: ${whose} run for no longer than a lease`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
