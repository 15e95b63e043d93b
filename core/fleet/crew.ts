import type { UsherError } from '../errors.ts';
import type { Holding } from './holding.ts';

/** What a worker has do the work of its agents: their sessions on the server. */
export interface Crew {
  /** The agent is this worker's own: it logs in and works. */
  begin(holding: Holding): void;
  /** The agent is this worker's own by another claim: what is believed of its chats is to be looked at anew. */
  renew(holding: Holding): void;
  /**
   * Ends the work so that another worker can go on with it, chats and all. Resolves when nothing more is sent and all
   * is written.
   */
  handOn(agent: string): Promise<void>;
  /** Ends the work for good, and logs the agent out. Resolves when that is done. */
  retire(agent: string): Promise<void>;
  /** Ends the work at once and without a word: the agent may be another worker's by now. */
  drop(agent: string, why: UsherError): void;
  /** How many of the agent's interactions are open here. */
  openChats(agent: string): number;
  /** How many agents are logging in. */
  readonly loggingIn: number;
  /** Whether the server cannot be reached from here. */
  readonly isCutOff: boolean;
}
