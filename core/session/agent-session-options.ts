import type { Container } from 'inversify';
import type { Bot } from '../bot/define-bot.ts';
import type { RootServices } from './container.ts';
import type { LogIn } from './http-session-of.ts';
import type { Endurance } from './persistence.ts';

/** An agent, and all that its session works with. */
export interface AgentSessionOptions extends LogIn {
  /** Default: the agent's first name. */
  readonly nickname: string | undefined;
  readonly place: string | undefined;
  readonly bots: readonly Bot[];
  readonly shadows?: readonly Bot[] | undefined;
  /** The session reads alone: nothing that anybody asks for leaves, and the agent's state stays as it is. Default: false. */
  readonly isDryRun?: boolean | undefined;
  readonly root: Container;
  readonly services: RootServices;
  readonly endurance?: Endurance;
}
