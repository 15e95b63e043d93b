import type { BehaviorSubject } from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import type { Me } from '../dialects/dialect.ts';
import type { UsherError } from '../errors.ts';
import type { Line } from '../gateway/interceptors/online.ts';
import type { Requests } from '../transport/requests.ts';
import type { AgentSessionOptions } from './agent-session-options.ts';
import { connectionLost } from './connection-losses.ts';
import type { Draining } from './draining.ts';
import type { GwsCalls } from './gws-calls.ts';
import { operationSender } from './operation-sender.ts';
import { Seat } from './seat.ts';
import type { SeatHold } from './seat-hold.ts';
import { readsOnly } from './shadow/reads-only.ts';

/** What a seat needs of its session. */
export interface SeatRequirements {
  readonly options: AgentSessionOptions;
  /** As it is now: bots may have been replaced. */
  readonly bots: readonly Bot[];
  readonly hold: SeatHold;
  readonly line$: BehaviorSubject<Line>;
  readonly draining: Draining;
  readonly calls: GwsCalls;
  readonly requests: Requests;
  readonly onLost: (error: UsherError) => void;
}

/** Sits an agent down whom the server has told who it is. */
export function takeSeat(
  me: Me,
  { options, bots, hold, line$, draining, calls, requests, onLost }: SeatRequirements,
): Seat {
  const { username, dialect, root, services, endurance, shadows, isDryRun = false } = options;
  const nickname = options.nickname ?? (me.firstName || username);
  const send = operationSender({
    dialect,
    requests,
    find: (id) => seat.interactions.get(id),
    onTranscript: (notification) => seat.takeTranscript(notification),
    onUnauthenticated: () => onLost(connectionLost('the HTTP session has expired')),
  });
  const seat: Seat = new Seat({
    agent: { id: me.id, username, firstName: me.firstName, lastName: me.lastName, nickname },
    bots,
    dialect,
    ...hold,
    root,
    services,
    line$,
    draining,
    list: () => calls.interactions(),
    onDeaf: () => onLost(connectionLost('a transcript was asked for and never came')),
    settleTime: endurance?.settleTime ?? 1_500,
    send: isDryRun ? readsOnly(send) : send,
    isDryRun,
    shadows,
  });
  return seat;
}
