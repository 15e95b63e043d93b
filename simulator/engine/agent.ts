import type { HumanBehaviour, SimulatedAgent } from '../options.ts';
import { userIdOf } from './ids.ts';

/** An agent's login and what it is doing: its parts in chats. */
export class AgentOf<Part> {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly skills: readonly string[];
  readonly capacity: number;
  readonly human: HumanBehaviour | undefined;
  /** The contact-centre session on channel chat stands. */
  loggedIn: boolean;
  ready: boolean;
  /** How often StartContactCenterSession has come, also while a session stood. */
  sessionsStarted = 0;
  /** When it last had nothing to do: the longest idle agent gets the next chat. */
  idleSince = 0;
  /** By interaction id. */
  readonly parts = new Map<string, Part>();

  constructor(agent: SimulatedAgent) {
    this.id = agent.id ?? userIdOf(agent.username);
    this.username = agent.username;
    this.password = agent.password;
    this.firstName = agent.firstName ?? agent.username;
    this.lastName = agent.lastName ?? '';
    this.skills = agent.skills ?? [];
    this.capacity = agent.capacity ?? 1;
    this.human = agent.human;
    this.loggedIn = agent.human !== undefined;
    this.ready = agent.human !== undefined;
  }

  get free(): boolean {
    return this.loggedIn && this.ready && this.parts.size < this.capacity;
  }
}
