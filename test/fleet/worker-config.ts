import type { ConfigInput } from 'usher-bots';
import { echoBot } from '../echo-bot.ts';

/** Names the variable with which a worker of the harness is told what to do. */
export const planVariable = 'USHER_FLEET_PLAN';

/** Milliseconds that a worker's lease lasts: little more than the time an operation may take needs. */
export const ttl = 4_000;

export const password = 'correct horse';

export interface WorkerPlan {
  /** Of the server: the same for all, since agents are told apart by it. */
  readonly url: string;
  /** Of the proxy by which this worker reaches the server. */
  readonly proxy: string;
  readonly store: string;
  readonly agents: readonly string[];
}

const { url, proxy, store, agents } = JSON.parse(process.env[planVariable] ?? '{"agents":[]}') as WorkerPlan;

/** The config of `usher start`, as each worker of the harness is run. */
export default {
  server: { url, proxy, settleTime: 2_000, requestTimeout: 1_500, auditEvery: 5_000 },
  store,
  fleet: { ttl },
  agents: agents.map((username) => ({ username, password, nickname: username, bots: [echoBot] })),
} satisfies ConfigInput;
