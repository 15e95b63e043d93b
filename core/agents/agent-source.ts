import type { Observable } from 'rxjs';
import type { Bot } from '../bot/define-bot.ts';

/** An agent that can be run: its secrets are read, its bots are there. */
export interface SourcedAgent {
  readonly username: string;
  readonly password?: string | undefined;
  readonly nickname?: string | undefined;
  readonly place?: string | undefined;
  readonly bots: readonly Bot[];
}

/** The agents as a source has them at one time, and what is wrong with those that are left out. */
export interface AgentList {
  readonly agents: readonly SourcedAgent[];
  /** One line each, with the place and what to do. */
  readonly faults: readonly string[];
}

/** What a source needs of its config. */
export interface SourceContext {
  /** By name, a variable of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether an agent without a password cannot log in. */
  readonly needsPassword: boolean;
}

/** Where the agents come from, while the process runs; made by `agentsFrom`. */
export interface AgentSource {
  readonly kind: 'agents';
  /** All agents, at once and after each change. Completes if nothing can change any more. */
  readonly lists: (context: SourceContext) => Observable<AgentList>;
}
