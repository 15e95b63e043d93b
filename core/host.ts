import type { Container } from 'inversify';
import { type Observable, config as rxjs } from 'rxjs';
import type { Config } from './config.ts';
import { messageOf, UsherError } from './errors.ts';
import type { JournalEntry } from './model/journal-entry.ts';
import type { Journal, Logger } from './ports.ts';
import { AgentSession, type StopOptions } from './session/agent-session.ts';
import { type RootServices, rootContainer } from './session/container.ts';
import { SessionLedger } from './session/ledger.ts';
import { LiveJournal } from './session/live-journal.ts';
import { RxClock } from './session/rx-clock.ts';
import { Network } from './transport/network.ts';

export interface FailedAgent {
  readonly username: string;
  readonly error: UsherError;
}

/** Runs the agents of a config in one process. */
export class Host {
  readonly journal: Journal;
  readonly sessions: readonly AgentSession[];
  readonly #network = new Network();
  readonly #root: Container;
  readonly #unhandled = rxjs.onUnhandledError;

  /** @throws UsherError USHER_BINDING, USHER_CONFIG_INVALID */
  constructor(config: Config, log: Logger) {
    const { origin, dialect, agents, services } = config;
    if (origin === undefined) throw new UsherError('USHER_CONFIG_INVALID', 'server.url is missing');
    const clock = new RxClock();
    const journal = new LiveJournal(clock, log);
    const shared: RootServices = { clock, journal, log, services };
    this.journal = journal;
    this.#root = rootContainer(shared);
    this.sessions = agents.map(
      ({ username, password = '', nickname, place, bots }) =>
        new AgentSession({
          username,
          password,
          nickname,
          place,
          bots,
          origin,
          dialect,
          network: this.#network,
          root: this.#root,
          services: shared,
          ledger: new SessionLedger(),
        }),
    );
    // A plugin that subscribes by itself and throws there must not end the process.
    rxjs.onUnhandledError = (thrown: unknown) => {
      journal.record('-', {
        kind: 'problem',
        code: 'USHER_PLUGIN_FAILED',
        message: `a subscription of a plugin's own threw: ${messageOf(thrown)}`,
        cause: thrown,
      });
    };
  }

  /** Everything that happens, in all agent sessions. */
  get journal$(): Observable<JournalEntry> {
    return this.journal.entries$;
  }

  /** Starts all agents; one that fails harms no other. Resolves with those that failed. */
  async start(): Promise<readonly FailedAgent[]> {
    const results = await Promise.allSettled(this.sessions.map((session) => session.start()));
    return results.flatMap((result, at) => {
      const username = this.sessions[at]?.username ?? '';
      return result.status === 'rejected' ? [{ username, error: result.reason as UsherError }] : [];
    });
  }

  /** Stops all agents in good order, then the services of the host, then the sockets. */
  async stop(options: StopOptions = {}): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.stop(options)));
    await this.#root.unbindAllAsync();
    await this.#network.close();
    rxjs.onUnhandledError = this.#unhandled;
  }
}
