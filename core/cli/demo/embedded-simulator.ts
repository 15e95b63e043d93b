import { randomBytes } from 'node:crypto';
import {
  type CustomerResult,
  type CustomerScript,
  type DialectName,
  type Simulator,
  startSimulator,
} from '../../../simulator/index.ts';
import type { Config } from '../../config.ts';
import { dialectNames } from '../../dialects/index.ts';
import { messageOf, UsherError } from '../../errors.ts';
import { TokenProvider } from '../../ports.ts';
import { cast, colleague } from './cast.ts';

/**
 * The demo's server in this process: a login for each agent of the config, a human colleague, no customers yet.
 *
 * @param port Default: any free one.
 * @param capacity Chats that an agent is given at a time. Default: 3.
 * @throws UsherError USHER_PORT
 */
export async function startEmbedded(
  config: Config,
  port = 0,
  capacity = 3,
): Promise<{ simulator: Simulator; config: Config }> {
  const agents = config.agents.map((agent) => ({
    ...agent,
    password: agent.password ?? randomBytes(16).toString('hex'),
  }));
  const dialect = simulatedDialect(config.dialect.name);
  const simulator = await startSimulator({
    port,
    ...(dialect !== undefined && { dialect }),
    agents: [
      ...agents.map(({ username, password, nickname }) => ({
        username,
        password,
        firstName: nickname ?? username,
        capacity,
      })),
      colleague,
    ],
  }).catch((thrown: unknown) => {
    throw new UsherError('USHER_PORT', `cannot listen on port ${port}: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  });
  // The simulator knows passwords only, and its logins for good.
  const services = config.services.filter(({ token }) => token !== TokenProvider);
  return { simulator, config: { ...config, origin: simulator.url, agents, agents$: undefined, services } };
}

/** A dialect of somebody's own is taken to speak like the simulator's usual one. */
function simulatedDialect(name: string): DialectName | undefined {
  return dialectNames.find((known) => known === name);
}

/** Customers one after the other, the whole cast once; resolves with how each fared. */
export async function playOnce(
  simulator: Simulator,
  pause: () => Promise<unknown>,
): Promise<CustomerResult[]> {
  const results: Promise<CustomerResult>[] = [];
  for (const script of cast) {
    results.push(simulator.arrive(script).done);
    await pause();
  }
  return Promise.all(results);
}

/** The customers of the cast in turn, for ever. */
export function* customers(): Generator<CustomerScript, never> {
  for (;;) yield* cast;
}
