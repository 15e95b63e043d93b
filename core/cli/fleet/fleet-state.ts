import { sharesOf } from '../../fleet/fair-share.ts';
import type { Census, Incarnation } from '../../store/store.ts';

/** One worker, as `usher fleet` shows it. */
export interface WorkerRow {
  readonly name: string;
  readonly incarnation: Incarnation;
  /** `lost`: its lease has ended, and the others are about to take its agents. */
  readonly state: 'working' | 'leaving' | 'lost';
  readonly agents: number;
  readonly share: number;
  readonly capacity: number;
  /** Milliseconds until its lease ends. */
  readonly lease: number;
  /** Milliseconds by which the renewal of its lease is late. */
  readonly lag: number;
}

export interface FleetState {
  readonly agents: number;
  /** Agents that nobody runs. */
  readonly free: number;
  readonly workers: readonly WorkerRow[];
}

/**
 * The workers of a store.
 *
 * @param agents How many agents they share.
 * @param ttl Milliseconds of their leases, which are renewed when a quarter has passed.
 */
export function fleetState({ at, workers }: Census, agents: number, ttl: number): FleetState {
  const living = workers.filter(({ capacity, expires }) => capacity > 0 && expires > at);
  const shares = sharesOf(agents, living);
  const owned = workers.reduce((sum, { load }) => sum + load, 0);
  return {
    agents,
    free: Math.max(0, agents - owned),
    workers: workers.map(({ name, incarnation, capacity, expires, load }) => {
      const lease = Math.max(0, expires - at);
      return {
        name,
        incarnation,
        state: lease === 0 ? 'lost' : capacity === 0 ? 'leaving' : 'working',
        agents: load,
        share: shares.get(incarnation) ?? 0,
        capacity,
        lease,
        lag: Math.max(0, Math.round((ttl * 3) / 4 - (expires - at))),
      };
    }),
  };
}

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
