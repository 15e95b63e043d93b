import { type MakeGateway, onBench } from './gateway-checks/gateway-bench.ts';
import { holdingChecks } from './gateway-checks/holding.ts';
import { sendingChecks } from './gateway-checks/sending.ts';

/** One promise of every gateway. */
export interface GatewayPromise {
  /** In the present tense, the gateway being the subject: `sends nothing before it is subscribed`. */
  readonly promise: string;
  /** Makes a gateway and tries it in virtual time. Rejects with what was found instead. */
  readonly check: () => Promise<void>;
}

/**
 * What plugins rely on, whatever gateway they are given. No test runner is needed, and any will do.
 *
 * @param make A gateway over an end of the wire, for an agent with two chats.
 * @example
 * it.each(gatewayContract(({ send, find }) => new MyGateway(send, find)))('$promise', ({ check }) => check());
 */
export function gatewayContract(make: MakeGateway): readonly GatewayPromise[] {
  const checks = { ...sendingChecks, ...holdingChecks };
  return Object.entries(checks).map(([promise, check]) => ({ promise, check: () => onBench(make, check) }));
}

export type { GatewayGround, MakeGateway } from './gateway-checks/gateway-bench.ts';
