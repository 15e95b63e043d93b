import { UsherError } from '../errors.ts';
import type { PluginLimits } from './plugin.ts';

type Given = { readonly [Name in keyof PluginLimits]?: PluginLimits[Name] | undefined };

/**
 * The limits that a definition sets, and the usual ones.
 *
 * @throws UsherError USHER_PLUGIN_OPTIONS when one makes no sense.
 */
export function limitsOf(given: Given, plugin = 'unnamed'): PluginLimits {
  const limits: PluginLimits = {
    lane: given.lane ?? 'serial',
    laneCapacity: given.laneCapacity ?? 1_000,
    budget: given.budget ?? 30_000,
    holdBudget: given.holdBudget ?? 60_000,
    longestTurn: given.longestTurn ?? 200,
    operationsPerSecond: given.operationsPerSecond ?? 50,
    quarantine: given.quarantine ?? {},
  };
  const faults = faultsOf(limits);
  if (faults.length === 0) return limits;
  throw new UsherError('USHER_PLUGIN_OPTIONS', `plugin ${plugin}: ${faults.join('; ')}`);
}

function faultsOf({ lane, quarantine, ...numbers }: PluginLimits): string[] {
  const wanted = 'must be a number above 0';
  const entries = Object.entries({ ...numbers, ...prefixed('quarantine', quarantine) });
  const faults = entries.filter(([, value]) => !isAbove0(value)).map(([name]) => `${name} ${wanted}`);
  return [...laneFaults(lane), ...faults];
}

function prefixed(prefix: string, values: object | false): Record<string, unknown> {
  const entries = values === false ? [] : Object.entries(values);
  return Object.fromEntries(entries.map(([name, value]) => [`${prefix}.${name}`, value]));
}

function laneFaults(lane: unknown): string[] {
  if (lane === 'serial' || lane === 'latest' || lane === 'coalesce') return [];
  const { debounce, parallel } = Object(lane) as { debounce?: unknown; parallel?: unknown };
  if (isAbove0(debounce) && Number.isFinite(debounce)) return [];
  if (isAbove0(parallel) && (parallel === Number.POSITIVE_INFINITY || Number.isInteger(parallel))) return [];
  return [
    'lane must be serial, latest, coalesce, { debounce: milliseconds above 0 } or { parallel: a whole number above 0 }',
  ];
}

function isAbove0(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}
