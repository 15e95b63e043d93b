import { isDeepStrictEqual } from 'node:util';
import { shardOf } from '../store/shard-of.ts';
import type { Sitter } from './place.ts';

/** What another list of agents has changed, by their names in the store. */
export interface RosterChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** They log in otherwise now. */
  readonly moved: readonly string[];
  /** They stay as they are, perhaps with other bots. */
  readonly kept: readonly string[];
}

/** The agents that may be run, by their name in the store. */
export class Roster {
  readonly #origin: string;
  #agents: ReadonlyMap<string, Sitter> = new Map();
  #known: ReadonlySet<string> = new Set();

  constructor(origin: string, agents: readonly Sitter[]) {
    this.#origin = origin;
    this.replace(agents);
  }

  get agents(): ReadonlyMap<string, Sitter> {
    return this.#agents;
  }

  /** Their names; another set after each change. */
  get known(): ReadonlySet<string> {
    return this.#known;
  }

  usernameOf(agent: string): string {
    return this.#agents.get(agent)?.username ?? agent;
  }

  /** In which of so many stores an agent is. */
  shardOf(username: string, count: number): number {
    return shardOf(this.#keyOf(username), count);
  }

  replace(agents: readonly Sitter[]): RosterChange {
    const before = this.#agents;
    this.#agents = new Map(agents.map((agent) => [this.#keyOf(agent.username), agent]));
    this.#known = new Set(this.#agents.keys());
    const stay = [...this.#known].filter((agent) => before.has(agent));
    const isSame = (agent: string): boolean =>
      isDeepStrictEqual(loginOf(before.get(agent)), loginOf(this.#agents.get(agent)));
    return {
      added: [...this.#known].filter((agent) => !before.has(agent)),
      removed: [...before.keys()].filter((agent) => !this.#known.has(agent)),
      moved: stay.filter((agent) => !isSame(agent)),
      kept: stay.filter(isSame),
    };
  }

  #keyOf(username: string): string {
    return agentKey(username, this.#origin);
  }
}

/** An agent's name in the store, one login of one server: the same name elsewhere is somebody else. */
export function agentKey(username: string, origin: string): string {
  return `${username}@${origin}`;
}

function loginOf(sitter: Sitter | undefined): readonly unknown[] {
  return [sitter?.password, sitter?.nickname, sitter?.place];
}
