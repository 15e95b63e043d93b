import { readFileSync } from 'node:fs';
import { drainWithin } from './start-options.ts';

const numberIn = (file: string, pattern: RegExp): number => {
  const [, found = ''] = pattern.exec(readFileSync(file, 'utf8')) ?? [];
  if (found === '') throw new Error(`${file} does not have ${pattern}`);
  return Number(found.replaceAll('_', ''));
};

const session = 'core/session/agent-session.ts';

/**
 * Seconds that the stop of a worker with these flags may take: others take its agents; if these go before it is over,
 * the chats have their time; then each step of the session's end has its budget.
 */
export function longestStop(flags: readonly string[]): number {
  const passingOn = numberIn('core/host.ts', /const usualGrace = ([\d_]+)/) / 1_000;
  const within = drainWithin(flags);
  const source = readFileSync(session, 'utf8');
  const steps = new Set([...source.matchAll(/\.step\(budget, '([^']+)'/g)].map(([, name]) => name));
  const budget = numberIn(session, /async stop\([^)]*budget = ([\d_]+)/) / 1_000;
  return Math.max(within, passingOn) + within + steps.size * budget;
}
