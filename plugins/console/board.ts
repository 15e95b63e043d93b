import { bufferTime, filter, interval, map, merge, Subject, Subscription } from 'rxjs';
import type { AgentDesk, HostContext, JournalEntry } from '../../core/index.ts';
import { agentRow } from './board-agents.ts';
import { ChatRows } from './board-chats.ts';
import { Incidents } from './board-incidents.ts';
import { OperationRows } from './board-operations.ts';
import { PluginRows } from './board-plugins.ts';
import type { Chronicle } from './chronicle.ts';
import type { Discretion } from './discretion.ts';
import type { AgentRow, BoardMessage, HostRow } from './wire.ts';

/** Milliseconds in which changes are gathered before they are told. */
const gathered = 150;
/** Milliseconds from one look at what tells nothing by itself to the next. */
const between = 1_000;

/** What the page shows of the whole process: all of it when somebody comes, then what changes. */
export class Board {
  readonly #host: HostContext;
  readonly #chats: ChatRows;
  readonly #operations = new OperationRows();
  readonly #plugins: PluginRows;
  readonly #incidents = new Incidents();
  readonly #sessions = new Map<string, { since: number; detail?: string }>();
  readonly #dirtyAgents = new Set<string>();
  readonly #changed = new Subject<void>();
  readonly #running = new Subscription();
  readonly #messages = new Subject<(discretion: Discretion) => string>();
  #lastHost = '';
  #lastPlugins = '';

  /** What has changed, as JSON, for viewers of either kind; made once for all of a kind. */
  readonly messages$ = this.#messages.asObservable();

  constructor(host: HostContext, chronicle: Chronicle) {
    this.#host = host;
    this.#plugins = new PluginRows(host);
    this.#chats = new ChatRows(host, chronicle, () => this.#changed.next());
    const seated = ({ username }: AgentDesk): void => {
      this.#sessions.set(username, { since: host.clock.now() });
      this.#dirtyAgents.add(username);
    };
    this.#running.add(host.agents$.subscribe(seated));
    this.#running.add(host.journal$.subscribe((entry) => this.#take(entry)));
    this.#running.add(() => this.#chats.close());
    this.#running.add(
      merge(
        this.#changed.pipe(
          bufferTime(gathered),
          filter(({ length }) => length > 0),
        ),
        interval(between),
      )
        .pipe(map(() => this.#difference()))
        .subscribe((message) => message !== undefined && this.#messages.next(message)),
    );
  }

  /** All there is. */
  full(discretion: Discretion): string {
    const message: BoardMessage = {
      full: true,
      host: this.#hostRow(),
      agents: this.#host.agents.map(({ username }) => this.#agentRow(username)),
      chats: this.#chats.all(discretion),
      plugins: this.#plugins.rows(),
      operations: this.#operations.rows(),
      incidents: this.#incidents.all(),
    };
    return JSON.stringify(message);
  }

  close(): void {
    this.#running.unsubscribe();
    this.#messages.complete();
  }

  #take(entry: JournalEntry): void {
    if (entry.kind === 'session') {
      const { status: _status, detail, at } = entry;
      this.#sessions.set(entry.agent, { since: at, ...(detail !== undefined && { detail }) });
    }
    if (['session', 'interaction-began', 'interaction-ended'].includes(entry.kind))
      this.#dirtyAgents.add(entry.agent);
    this.#operations.take(entry);
    this.#plugins.take(entry);
    this.#incidents.take(entry);
    this.#changed.next();
  }

  #difference(): ((discretion: Discretion) => string) | undefined {
    // Whoever comes next begins with a full picture.
    if (!this.#messages.observed) return this.#forget();
    const agents = [...this.#dirtyAgents].filter((name) => this.#sessions.has(name));
    this.#dirtyAgents.clear();
    const chats = this.#chats.takeChanges();
    const host = JSON.stringify(this.#hostRow());
    const plugins = JSON.stringify(this.#plugins.rows());
    const operations = this.#operations.takeChanges();
    const incidents = this.#incidents.takeNew();
    const common: BoardMessage = {
      ...(host !== this.#lastHost && { host: this.#hostRow() }),
      ...(agents.length > 0 && { agents: agents.map((name) => this.#agentRow(name)) }),
      ...(chats.gone.length > 0 && { gone: chats.gone }),
      ...(plugins !== this.#lastPlugins && { plugins: this.#plugins.rows() }),
      ...(operations !== undefined && { operations }),
      ...(incidents.length > 0 && { incidents }),
    };
    this.#lastHost = host;
    this.#lastPlugins = plugins;
    if (chats.rows.length === 0 && Object.keys(common).length === 0) return undefined;
    const made = new Map<Discretion, string>();
    return (discretion) => {
      const known = made.get(discretion);
      if (known !== undefined) return known;
      const rows = chats.rows.map((row) => row(discretion));
      const text = JSON.stringify({ ...common, ...(rows.length > 0 && { chats: rows }) });
      made.set(discretion, text);
      return text;
    };
  }

  #forget(): undefined {
    this.#dirtyAgents.clear();
    this.#chats.takeChanges();
    this.#operations.takeChanges();
    this.#incidents.takeNew();
  }

  #hostRow(): HostRow {
    const { isReady: ready, isStopping: stopping, server, agents, experiments, fleet } = this.#host;
    const open = agents.reduce((sum, { interactions }) => sum + interactions.length, 0);
    return {
      ready,
      stopping,
      ...server,
      open,
      experiments: experiments.keys.length,
      fleet: fleet !== undefined,
    };
  }

  #agentRow(username: string): AgentRow {
    const desk = this.#host.agents.find((agent) => agent.username === username);
    const session = this.#sessions.get(username) ?? { since: 0 };
    if (desk === undefined) throw new Error(`there is no agent ${username}`);
    return agentRow(desk, session);
  }
}
