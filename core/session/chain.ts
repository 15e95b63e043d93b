import type { Observable } from 'rxjs';
import { ChainGateway } from '../gateway/gateway.ts';
import { capability } from '../gateway/interceptors/capability.ts';
import { fenced } from '../gateway/interceptors/fenced.ts';
import { journalled } from '../gateway/interceptors/journal.ts';
import { lane } from '../gateway/interceptors/lane.ts';
import { once } from '../gateway/interceptors/once.ts';
import { whenOnline } from '../gateway/interceptors/online.ts';
import { retry } from '../gateway/interceptors/retry.ts';
import type { Settling } from '../gateway/interceptors/settle.ts';
import type { Ownership } from '../gateway/ownership.ts';
import type { Interaction } from '../ports.ts';
import type { SeatOptions } from './seat-options.ts';

export interface ChainParts {
  readonly find: (interactionId: string) => Interaction | undefined;
  readonly ownership: Ownership;
  readonly settling: Settling;
  /** Emits when the bots have been stopped. */
  readonly leaving$: Observable<unknown>;
}

/** The gateway of an agent session: the way of its operations to the server. */
export function chainOf(
  options: SeatOptions,
  { find, ownership, settling, leaving$ }: ChainParts,
): ChainGateway {
  const { agent, dialect, ledger, services, draining, send } = options;
  return new ChainGateway({
    withdrawal: ownership.withdrawal,
    journal: journalled(services.journal, services.clock, agent.username),
    once: once(find, ledger),
    lane: lane(),
    inner: [
      ownership.interceptor,
      ...(draining === undefined ? [] : [draining.interceptor]),
      ...(options.isFinal ? [] : [settling.interceptor, ...endurance(options)]),
      fenced(options.mayAct, leaving$),
      capability(find, dialect.capabilities),
    ],
    send,
  });
}

/** What a seat reads by in a dry run, when nothing else leaves it: see `readsOnly`. */
export function readingChain(options: SeatOptions): ChainGateway {
  const { agent, services, send } = options;
  return new ChainGateway({
    journal: journalled(services.journal, services.clock, agent.username),
    once: (operation, next) => next(operation),
    lane: lane(),
    inner: endurance(options),
    send,
  });
}

function endurance({ jitter, line$ }: SeatOptions) {
  return [retry({ ...(jitter !== undefined && { jitter }) }), whenOnline(line$)];
}
