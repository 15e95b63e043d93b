import { BehaviorSubject, defer, type Observable, of, ReplaySubject, Subscription, tap } from 'rxjs';
import { type Bot, defineBot } from '../bot/define-bot.ts';
import type { Plugin } from '../bot/plugin.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { gws850 } from '../dialects/gws-8.5.0.ts';
import { ExperimentService } from '../experiment/experiment-service.ts';
import { MemoryRecords } from '../experiment/memory-records.ts';
import type { Records } from '../experiment/records.ts';
import type { Line } from '../gateway/interceptors/online.ts';
import { unsupported } from '../gateway/unsupported.ts';
import type { JournalEntry, Problem } from '../model/journal-entry.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import { rootContainer } from '../session/container.ts';
import { type KeptOnce, SessionLedger, type StoredDocument } from '../session/ledger.ts';
import { LiveJournal } from '../session/live-journal.ts';
import { RxClock } from '../session/rx-clock.ts';
import { Seat } from '../session/seat.ts';
import type { Service } from '../session/services.ts';
import { readsOnly } from '../session/shadow/reads-only.ts';
import { silentLog } from '../session/silent-log.ts';
import { testAgent } from './server/people.ts';
import { ScriptedServer } from './server/scripted-server.ts';

export interface StageOptions {
  /** In one bot. Default: none. */
  readonly plugins?: readonly Plugin[];
  /** Instead of plugins: the bots of the agent. */
  readonly bots?: readonly Bot[] | undefined;
  /** Bots that see the chats beside those. Default: none. */
  readonly shadows?: readonly Bot[] | undefined;
  /** Nothing that anybody asks for leaves. Default: false. */
  readonly isDryRun?: boolean | undefined;
  readonly services?: readonly Service[] | undefined;
  /** Default: GWS 8.5.0. */
  readonly dialect?: Dialect | undefined;
  /** What the process before this one left. Default: there was none. */
  readonly stored?: readonly StoredDocument[] | undefined;
  /** What was recorded of experiments. Default: nothing. */
  readonly records?: Records | undefined;
  /** The contact centre; by default one of its own. */
  readonly server?: ScriptedServer | undefined;
}

/**
 * An agent's seat without a network: what a session consists of once it has logged in, with a contact centre in
 * memory. Time is whatever RxJS says it is.
 */
export class Stage {
  readonly server: ScriptedServer;
  readonly problems: Problem[] = [];
  readonly entries: JournalEntry[] = [];
  /** What was to be kept once in the whole store. */
  readonly kept: KeptOnce[] = [];
  readonly #dialect: Dialect;
  readonly #journal: LiveJournal;
  readonly #line = new BehaviorSubject<Line>('online');
  readonly #asked = new ReplaySubject<Operation>();
  readonly #running = new Subscription();
  readonly #root: ReturnType<typeof rootContainer>;
  readonly #documents = new Map<string, StoredDocument>();
  readonly seat: Seat;

  /** Everything the session records. */
  get entries$(): Observable<JournalEntry> {
    return this.#journal.entries$;
  }

  /** Each operation when it leaves. */
  readonly sent$: Observable<Operation> = this.#asked.asObservable();

  constructor({
    plugins = [],
    bots,
    shadows,
    isDryRun = false,
    services = [],
    dialect = gws850(),
    stored = [],
    records,
    server,
  }: StageOptions) {
    const clock = new RxClock();
    const log = silentLog;
    this.#dialect = dialect;
    this.#journal = new LiveJournal(clock, log);
    this.#running.add(
      this.#journal.entries$.subscribe((entry) => {
        this.entries.push(entry);
        if (entry.kind === 'problem') this.problems.push(entry);
      }),
    );
    this.server = server ?? new ScriptedServer((name) => dialect.capabilities(name));
    const experiments = new ExperimentService({
      experiments: [],
      records: records ?? new MemoryRecords(),
      journal: this.#journal,
      clock,
    });
    this.#running.add(() => experiments.stop());
    const root = rootContainer({ clock, journal: this.#journal, log, services });
    this.#root = root;
    this.seat = new Seat({
      agent: testAgent,
      bots: bots ?? [defineBot({ name: 'tested', plugins })],
      dialect,
      shadows,
      isDryRun,
      send: isDryRun ? readsOnly((operation) => this.#send(operation)) : (operation) => this.#send(operation),
      ledger: this.#ledger(stored),
      mayAct: () => true,
      line$: this.#line,
      list: async () => this.server.list(),
      onDeaf: () => undefined,
      settleTime: 1_500,
      jitter: () => 1,
      root,
      services: { clock, journal: this.#journal, log, services, experiments },
    });
    this.#running.add(this.server.connect((notification) => this.seat.take(notification, 'test')));
    this.#running.add(
      this.server.faults.changes$.subscribe(({ fault, on }) => {
        if (fault === 'offline') this.#goOnline(!on);
      }),
    );
  }

  /** Ends with the stage. */
  add(teardown: Subscription): void {
    this.#running.add(teardown);
  }

  /** What a process that took over now would find written down. */
  get stored(): readonly StoredDocument[] {
    return [...this.#documents.values()];
  }

  /** Reads from the server what is open, as a process does that comes after another. */
  async takeUp(): Promise<void> {
    await this.seat.resynchronise();
  }

  /** Ends what runs here, as a process that is killed: the chats stay as they are. */
  kill(): void {
    this.seat.stopBots();
    this.#running.unsubscribe();
  }

  /** Ends the session in good order. */
  async close(): Promise<void> {
    this.#running.unsubscribe();
    await this.seat.close();
    await this.#root.unbindAllAsync();
  }

  #ledger(stored: readonly StoredDocument[]): SessionLedger {
    for (const entry of stored) this.#documents.set(entry.id, entry);
    return new SessionLedger({
      stored,
      write: async (id, version, document, once) => {
        this.kept.push(...once);
        if (document === null) this.#documents.delete(id);
        else this.#documents.set(id, { id, version: version + 1, document });
        return 'ok';
      },
    });
  }

  #goOnline(online: boolean): void {
    if (!online) return this.#line.next('offline');
    void this.seat.resynchronise().then((missed) => {
      this.#journal.record(testAgent.username, { kind: 'resynchronised', away: 0, missed });
      this.#line.next('online');
    });
  }

  /** The dialect's word on whether there is such an operation, and the server's on the rest. */
  #send(operation: Operation): Observable<Outcome> {
    return defer(() => {
      const wire = this.#dialect.encode(operation, { origin: 'http://gws.test', colleagueId: 'agent-cora' });
      if (wire === undefined) return of(unsupported(operation, this.#dialect));
      this.#asked.next(operation);
      return this.server.take(operation).pipe(tap((outcome) => this.#tellHistory(outcome)));
    });
  }

  #tellHistory({ kind, operation }: Outcome): void {
    if (operation.name !== 'requestHistory' || kind !== 'sent') return;
    const chat = this.server.chats.find(({ id }) => id === operation.interactionId);
    if (chat === undefined) return;
    const transcript = chat.transcriptFrom(operation.fromIndex ?? 1);
    if (this.#dialect.history === undefined) this.server.faults.pass(transcript);
    else this.seat.takeTranscript(transcript);
  }
}
