import {
  combineLatest,
  delay,
  EMPTY,
  merge,
  NEVER,
  type Observable,
  of,
  ReplaySubject,
  switchMap,
  takeUntil,
} from 'rxjs';
import { type ErrorCode, messageOf, UsherError } from '../errors.ts';
import type { Interaction } from '../ports.ts';
import { FloodGauge } from './flood.ts';
import { heldUntil } from './held-until.ts';
import { handleLines } from './message-plugin.ts';
import { pieceOfWork } from './piece-of-work.ts';
import { environmentOf } from './plugin-environment.ts';
import { type PluginStatus, Quarantine } from './quarantine.ts';
import type { Relay } from './relay.ts';
import type { PluginEnvironment, PreparedPlugin, RunnerServices, RunningPlugin } from './running-plugin.ts';
import { shieldedInteraction } from './shield.ts';
import { Stopwatch } from './stopwatch.ts';

/** Milliseconds that a `bot` stream may take to end what it has begun when another takes its place. */
const handover = 10_000;

/** One plugin at work in one agent session: in all its chats, and kept away from them when it fails too often. */
export class PluginRun implements RunningPlugin {
  readonly plugin: PreparedPlugin;
  readonly services: RunnerServices;
  readonly key: string;
  readonly stopwatch: Stopwatch;
  readonly #quarantine: Quarantine;
  readonly #retired = new ReplaySubject<void>(1);
  #lines = 0;
  #isClosed = false;
  #isRetired = false;

  constructor(
    plugin: PreparedPlugin,
    services: RunnerServices,
    stopwatch: Stopwatch = new Stopwatch(services.clock),
    key: string = plugin.name,
  ) {
    this.plugin = plugin;
    this.key = key;
    this.services = services;
    this.stopwatch = stopwatch;
    const { journal, agent, clock } = services;
    const { name, limits } = plugin;
    const rules = limits.quarantine === false ? { failures: Number.POSITIVE_INFINITY } : limits.quarantine;
    this.#quarantine = new Quarantine(name, clock, rules, {
      onQuarantined: (reason, until) =>
        journal.record(agent.username, {
          kind: 'plugin-quarantined',
          plugin: name,
          reason,
          ...(until !== undefined && { until }),
        }),
      onReleased: () => journal.record(agent.username, { kind: 'plugin-released', plugin: name }),
    });
  }

  get status(): PluginStatus {
    return { ...this.#quarantine.status, lines: this.#lines };
  }

  count(change: number): void {
    this.#lines += change;
  }

  get isFree(): boolean {
    return this.#quarantine.isFree;
  }

  get isFree$(): Observable<boolean> {
    return this.#quarantine.isFree$;
  }

  get retired$(): Observable<void> {
    return this.#retired;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  quarantine(reason: string, untilReleased = false): void {
    this.#quarantine.quarantine(reason, untilReleased);
  }

  release(): void {
    this.#quarantine.release();
  }

  succeed(): void {
    this.#quarantine.succeed();
  }

  /** Another takes its place. What it does in a chat completes when what it has begun is done. */
  retire(): void {
    this.#isRetired = true;
    this.#retired.next();
  }

  close(): void {
    this.#isClosed = true;
    this.#quarantine.close();
  }

  contextIn(interaction: Interaction): PluginEnvironment {
    return environmentOf(this, interaction);
  }

  shielded(interaction: Interaction, ready$?: Observable<unknown>): Interaction {
    return shieldedInteraction(
      interaction,
      (thrown) => this.fail(interaction, thrown),
      (stream$, name) => {
        const whole$ = this.services.backlogs.get(interaction)?.through(stream$, name) ?? stream$;
        const going$ = whole$.pipe(takeUntil(this.#retired));
        return name === 'messages$' && ready$ !== undefined ? heldUntil(ready$, going$) : going$;
      },
    );
  }

  /**
   * All that the plugin does in one chat; `bot` begins anew when it is let out of quarantine. Never fails, and completes
   * when the plugin has retired. `ready$`: no line is handled before it emits.
   */
  workOn(interaction: Interaction, relay: Relay, ready$?: Observable<unknown>): Observable<never> {
    const { limits, parts } = this.plugin;
    const { bot, message } = parts;
    const gauge = new FloodGauge(limits.operationsPerSecond, this.services.clock);
    const stream$ =
      bot === undefined
        ? EMPTY
        : pieceOfWork(this, interaction, {
            gauge,
            start: (context) => bot(this.shielded(interaction, ready$), context),
          }).pipe(takeUntil(combineLatest([this.#retired, ready$ ?? of(undefined)]).pipe(delay(handover))));
    return merge(
      this.isFree$.pipe(
        takeUntil(this.#retired),
        switchMap((isFree) => (isFree ? stream$ : NEVER.pipe(takeUntil(this.#retired)))),
      ),
      message === undefined ? EMPTY : handleLines(this, message, interaction, gauge, relay, ready$),
    );
  }

  timed<Result>(interaction: Interaction, run: () => Result): Result {
    const { name, limits } = this.plugin;
    return this.stopwatch.measure(run, (took) => {
      if (took <= limits.longestTurn) return;
      const text = `plugin ${name} ran for ${took} ms without giving way, on interaction ${interaction.id}`;
      this.report(interaction, 'USHER_PLUGIN_BLOCKS', text);
    });
  }

  /** A failure is told, and counts. */
  fail(interaction: Interaction, thrown: unknown, code: ErrorCode = 'USHER_PLUGIN_FAILED'): void {
    const known = thrown instanceof UsherError ? thrown : undefined;
    const text = known?.message ?? `plugin ${this.plugin.name} failed: ${messageOf(thrown)}`;
    this.report(interaction, known?.code ?? code, text, thrown);
    this.#quarantine.fail(text);
  }

  report(interaction: Interaction, code: ErrorCode, message: string, cause?: unknown): void {
    this.services.journal.record(this.services.agent.username, {
      kind: 'problem',
      code,
      message,
      plugin: this.plugin.name,
      interactionId: interaction.id,
      ...(cause !== undefined && { cause }),
    });
  }
}
