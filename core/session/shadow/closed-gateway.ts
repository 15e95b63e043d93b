import type { Observable } from 'rxjs';
import type { Dialect } from '../../dialects/dialect.ts';
import { ChainGateway } from '../../gateway/gateway.ts';
import { capability } from '../../gateway/interceptors/capability.ts';
import { departed } from '../../gateway/interceptors/departed.ts';
import { journalled } from '../../gateway/interceptors/journal.ts';
import { lane } from '../../gateway/interceptors/lane.ts';
import { once } from '../../gateway/interceptors/once.ts';
import { type Line, whenOnline } from '../../gateway/interceptors/online.ts';
import type { Ownership } from '../../gateway/ownership.ts';
import type { Clock, Interaction, Interceptor, Journal, Ledger } from '../../ports.ts';
import { unsent } from './unsent.ts';

export interface ClosedGatewayOptions {
  /** The agent's username. */
  readonly agent: string;
  /** One that writes down what would have been done. */
  readonly journal: Journal;
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly find: (interactionId: string) => Interaction | undefined;
  readonly ledger: Ledger;
  readonly ownership: Pick<Ownership, 'withdrawal' | 'interceptor'>;
  readonly line$: Observable<Line>;
  /** What comes before the end of the session. Default: nothing. */
  readonly draining?: Interceptor | undefined;
}

/** A gateway without a way out: it decides as that of an agent session does, and then nothing is sent. */
export function closedGateway({
  agent,
  journal,
  clock,
  dialect,
  find,
  ledger,
  ownership,
  line$,
  draining,
}: ClosedGatewayOptions): ChainGateway {
  return new ChainGateway({
    withdrawal: ownership.withdrawal,
    journal: journalled(journal, clock, agent),
    once: once(find, ledger),
    lane: lane(),
    inner: [
      ownership.interceptor,
      ...(draining === undefined ? [] : [draining]),
      departed(find),
      whenOnline(line$),
      capability(find, dialect.capabilities),
    ],
    send: unsent(dialect, find),
  });
}
