import { firstValueFrom, type Observable, ReplaySubject, type Subscription } from 'rxjs';
import type { AgentList } from '../agents/agent-source.ts';
import { messageOf, UsherError } from '../errors.ts';
import type { Worker } from '../fleet/worker.ts';
import type { Roster, RosterChange } from './roster.ts';
import type { SessionCrew } from './session-crew.ts';

export interface FollowerOptions {
  readonly agents$: Observable<AgentList>;
  readonly roster: Roster;
  readonly crew: SessionCrew;
  /** Who sees to the beginning and the end of sessions; `undefined`: nobody else does. */
  readonly worker: Pick<Worker, 'handOn'> | undefined;
  readonly onProblem: (error: UsherError) => void;
}

/** Has agents come and go as the list of them changes. */
export class AgentsFollower {
  readonly #options: FollowerOptions;
  readonly #first = new ReplaySubject<void>(1);
  #following: Subscription | undefined;
  #told: ReadonlySet<string> = new Set();
  /** The agents have been let begin. */
  #hasBegun = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Resolves when the first list is there. */
  async start(): Promise<void> {
    this.#following = this.#options.agents$.subscribe({
      next: (list) => {
        this.#take(list);
        this.#first.next();
      },
      error: (thrown) => {
        this.#tell([`the agents are not followed any more: ${messageOf(thrown)}`]);
        this.#first.next();
      },
      complete: () => this.#first.next(),
    });
    await firstValueFrom(this.#first);
  }

  /** From now on, who comes begins. */
  begin(): void {
    this.#hasBegun = true;
  }

  stop(): void {
    this.#following?.unsubscribe();
  }

  #take({ agents, faults }: AgentList): void {
    this.#tell(faults.filter((fault) => !this.#told.has(fault)));
    this.#told = new Set(faults);
    const change = this.#options.roster.replace(agents);
    if (this.#hasBegun) this.#apply(change);
  }

  #apply({ added, removed, moved, kept }: RosterChange): void {
    const { crew, roster, worker } = this.#options;
    for (const agent of kept) {
      try {
        crew.replaceBots(agent, roster.agents.get(agent)?.bots ?? []);
      } catch (thrown) {
        this.#tell([`${roster.usernameOf(agent)} keeps its bots: ${messageOf(thrown)}`]);
      }
    }
    // The worker sees by itself who has come and who is gone.
    for (const agent of moved)
      if (worker === undefined) void crew.handOn(agent).then(() => crew.start(agent));
      else worker.handOn(agent);
    if (worker !== undefined) return;
    for (const agent of added) crew.start(agent);
    for (const agent of removed) void crew.retire(agent);
  }

  #tell(faults: readonly string[]): void {
    for (const fault of faults) this.#options.onProblem(new UsherError('USHER_AGENTS_INVALID', fault));
  }
}
