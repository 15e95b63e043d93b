import type { Container } from 'inversify';
import type { Observable } from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Send } from '../gateway/gateway.ts';
import type { Line } from '../gateway/interceptors/online.ts';
import type { Agent } from '../model/agent.ts';
import type { Notification } from '../model/notification.ts';
import type { RootServices } from './container.ts';
import type { Draining } from './draining.ts';
import type { SessionLedger } from './ledger.ts';

export interface SeatOptions {
  readonly agent: Agent;
  readonly bots: readonly Bot[];
  /** They see every chat as it comes, and nothing that they ask for leaves. Default: none. */
  readonly shadows?: readonly Bot[] | undefined;
  readonly dialect: Dialect;
  /** In a dry run, one that `readsOnly`. */
  readonly send: Send;
  /** Nothing that anybody asks for leaves; transcripts are read. Default: false. */
  readonly isDryRun?: boolean | undefined;
  readonly ledger: SessionLedger;
  /** Whether the agent will be this process's own until an operation has ended. */
  readonly mayAct: () => boolean;
  /** Whether the session stands. */
  readonly line$: Observable<Line>;
  /** Reads the open interactions from the server; `undefined` if it does not list them. */
  readonly list: () => Promise<readonly Notification[] | undefined>;
  /** A notification that was asked for never came: the connection stands, and tells nothing. */
  readonly onDeaf: () => void;
  /** Milliseconds that GWS may take to do what was sent to it. */
  readonly settleTime: number;
  /** What `send` tells is final: nothing is sent again, or looked for. Default: false. */
  readonly isFinal?: boolean;
  /** A factor on each pause before an operation is sent again. Default: random, from 0.5 to 1.5. */
  readonly jitter?: () => number;
  /** What comes before the end of the session. Default: nothing. */
  readonly draining?: Pick<Draining, 'drain$' | 'interceptor'>;
  readonly root: Container;
  readonly services: RootServices;
}
