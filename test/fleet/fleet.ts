import { setTimeout as pause } from 'node:timers/promises';
import type { Census, Store } from 'usher-bots';
import type { Simulator } from 'usher-bots/simulator';
import { isGone, processName } from '../../core/fleet/process-name.ts';
import { until } from '../faults/until.ts';
import { type Tunnel, tunnelTo } from '../postgres/tunnel.ts';
import type { Ground } from './ground.ts';
import { UsherProcess } from './processes.ts';

/** Milliseconds: a machine that is busy with other things does everything slowly. */
const patience = 60_000;

/** Milliseconds from one look at the store to the next. */
const between = 25;

export interface FleetOptions {
  readonly simulator: Simulator;
  /** Of a proxy before the server: the ways of the workers lead there. */
  readonly proxyPort: number;
  readonly ground: Ground;
  /** The harness's own, by a way that is never cut. */
  readonly store: Store;
  /** The way of that store; `undefined`: a file. */
  readonly ownWay: Tunnel | undefined;
  readonly folder: string;
  readonly agents: readonly string[];
  readonly isProtected: boolean;
}

/** A worker without a supervisor, with its ways to the server and to the store, or a supervisor with its workers. */
export interface Member {
  readonly process: UsherProcess;
  /** As the store knows it, if it is a worker. */
  readonly name: string;
  readonly gws: Tunnel;
  readonly store: Tunnel | undefined;
}

/** The processes of a run, and what a scenario can do with them. */
export class Fleet {
  readonly options: FleetOptions;
  readonly members: Member[] = [];
  /** Workers that are not to be counted on: dead, frozen or cut off. */
  readonly away = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(options: FleetOptions) {
    this.options = options;
  }

  get ground(): Ground {
    return this.options.ground;
  }

  /** Starts one more process. With `workers` it is the supervisor of so many. */
  async start(workers?: number): Promise<Member> {
    const { simulator, proxyPort, ground, folder, agents, isProtected } = this.options;
    const gws = await tunnelTo(proxyPort);
    const store = ground.port === undefined ? undefined : await tunnelTo(ground.port);
    const process = new UsherProcess({
      folder,
      name: `worker-${this.members.length + 1}`,
      plan: {
        url: simulator.url,
        proxy: `http://127.0.0.1:${gws.port}`,
        store: ground.place(store?.port),
        agents,
      },
      ...(workers !== undefined && { workers }),
      isProtected,
    });
    const member = { process, name: processName(process.pid), gws, store };
    this.members.push(member);
    return member;
  }

  /** The names of the workers that can be counted on, oldest first. */
  async workers(): Promise<readonly string[]> {
    return living(await this.options.store.census(), this.away).map(({ name }) => name);
  }

  /** kill -9. */
  async kill(name: string): Promise<void> {
    this.away.add(name);
    process.kill(pidOf(name), 'SIGKILL');
    await this.#until(`${name} is gone`, async () => isGone(name));
  }

  /** Stands still, though not with the lock of the store's file in its hand: nobody could write then. */
  async freeze({ process, name }: Member): Promise<void> {
    this.away.add(name);
    do {
      process.signal('SIGCONT');
      await pause(20);
      process.signal('SIGSTOP');
      await pause(20);
    } while (await this.ground.isLocked());
  }

  /** Every agent is run by a worker that can be counted on. Resolves with how many milliseconds that took. */
  async owned(): Promise<number> {
    return this.sees('every agent has an owner', (census) => {
      const workers = living(census, this.away);
      return workers.reduce((sum, { load }) => sum + load, 0) === this.options.agents.length;
    });
  }

  /** So many workers have the agents in equal shares. Resolves with how many milliseconds that took. */
  async shared(count: number): Promise<number> {
    return this.sees(`fair shares of ${count}`, (census) => {
      const loads = living(census, this.away).map(({ load }) => load);
      return (
        loads.length === count &&
        loads.reduce((sum, load) => sum + load, 0) === this.options.agents.length &&
        Math.max(...loads) - Math.min(...loads) <= 1
      );
    });
  }

  /** Waits for what the store shows. Resolves with how many milliseconds that took. */
  async sees(what: string, fits: (census: Census) => boolean): Promise<number> {
    const began = performance.now();
    let last: Census | undefined;
    await this.#until(
      what,
      async () => {
        last = await this.options.store.census();
        for (const { name } of last.workers) this.#seen.add(name);
        return fits(last);
      },
      () => JSON.stringify(last),
    );
    return performance.now() - began;
  }

  /** Waits until the store does not answer: what a killed server has begun may go on for a moment. */
  async storeIsAway(): Promise<void> {
    const { store } = this.options;
    await this.#until('a store that is away', () =>
      store.census().then(
        () => false,
        () => true,
      ),
    );
  }

  /** Waits until so many more lines of agents have been heard. */
  async heard(more: number): Promise<void> {
    const wanted = this.#lines + more;
    if (!(await until(() => this.#lines >= wanted, patience)))
      throw new Error(`the agents have fallen silent: ${wanted - this.#lines} lines are missing`);
  }

  /** Ends all in good order. Resolves with what was wrong with that. */
  async stop(): Promise<readonly string[]> {
    const those = this.members.filter(({ name }) => !isGone(name));
    return (await Promise.all(those.map(({ process }) => process.stop()))).flat();
  }

  /** Nothing of it is left. */
  async close(): Promise<void> {
    for (const { process } of this.members) await process.kill();
    for (const name of this.#seen) if (!isGone(name)) process.kill(pidOf(name), 'SIGKILL');
    await Promise.all(this.members.flatMap(({ gws, store }) => [gws.close(), store?.close()]));
  }

  async #until(what: string, holds: () => Promise<boolean>, shown = () => ''): Promise<void> {
    const end = performance.now() + patience;
    // A store that is away is part of the play.
    while (!(await holds().catch(() => false))) {
      if (performance.now() > end) throw new Error(`never seen: ${what}; ${shown()}`);
      await pause(between);
    }
  }

  get #lines(): number {
    return [...this.options.simulator.chats.values()].reduce(
      (sum, { lines }) =>
        sum + lines.filter(({ type, from }) => type === 'Text' && from.type === 'Agent').length,
      0,
    );
  }
}

function living({ at, workers }: Census, away: ReadonlySet<string>): Census['workers'] {
  return workers.filter(({ name, expires }) => expires > at && !away.has(name));
}

function pidOf(name: string): number {
  return Number(name.split(':').at(-2));
}
