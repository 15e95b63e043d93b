import {
  catchError,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  merge,
  NEVER,
  type Observable,
  switchMap,
  takeUntil,
} from 'rxjs';
import { type ErrorCode, messageOf, UsherError } from '../errors.ts';
import type { Interaction, Interceptor } from '../ports.ts';
import { againstFlood } from './flood.ts';
import { handleLines } from './message-plugin.ts';
import type { BotFunction } from './plugin.ts';
import { type PluginStatus, Quarantine } from './quarantine.ts';
import type { PluginEnvironment, PreparedPlugin, RunnerServices, RunningPlugin } from './running-plugin.ts';
import { workOf } from './work.ts';

/** Milliseconds that a plugin's function may run without giving way before it is told of. */
const longestTurn = 200;

/** One plugin at work in one agent session: in all its chats, and kept away from them when it fails too often. */
export class PluginRun implements RunningPlugin {
  readonly plugin: PreparedPlugin;
  readonly services: RunnerServices;
  readonly #quarantine: Quarantine;

  constructor(plugin: PreparedPlugin, services: RunnerServices) {
    this.plugin = plugin;
    this.services = services;
    const { journal, agent, clock } = services;
    const { name, limits } = plugin;
    const rules = limits.quarantine === false ? { failures: Number.POSITIVE_INFINITY } : limits.quarantine;
    this.#quarantine = new Quarantine(name, clock, rules, {
      onQuarantined: (reason, until) =>
        journal.record(agent.username, { kind: 'plugin-quarantined', plugin: name, reason, until }),
      onReleased: () => journal.record(agent.username, { kind: 'plugin-released', plugin: name }),
    });
  }

  get status(): PluginStatus {
    return this.#quarantine.status;
  }

  get isFree(): boolean {
    return this.#quarantine.isFree;
  }

  quarantine(reason: string): void {
    this.#quarantine.quarantine(reason);
  }

  release(): void {
    this.#quarantine.release();
  }

  succeed(): void {
    this.#quarantine.succeed();
  }

  close(): void {
    this.#quarantine.close();
  }

  contextIn(interaction: Interaction): PluginEnvironment {
    const { agent, clock, log } = this.services;
    return { agent, clock, log: log.child({ plugin: this.plugin.name, interaction: interaction.id }) };
  }

  /** All that the plugin does in one chat; begins anew when it is let out of quarantine. Never fails. */
  workOn(interaction: Interaction): Observable<never> {
    const { name, limits, parts } = this.plugin;
    const { bot, message } = parts;
    if (bot === undefined && message === undefined) return EMPTY;
    const flood = againstFlood(limits.operationsPerSecond, this.services.clock, () => {
      const text = `plugin ${name} asks for more than ${limits.operationsPerSecond} operations in a second`;
      this.fail(interaction, new UsherError('USHER_PLUGIN_FLOODS', text));
    });
    return this.#quarantine.isFree$.pipe(
      switchMap((isFree) => {
        if (!isFree) return NEVER;
        return merge(
          bot === undefined ? EMPTY : this.#stream(bot, interaction, flood),
          message === undefined ? EMPTY : handleLines(this, message, interaction, flood),
        );
      }),
      takeUntil(interaction.ended$),
    );
  }

  /** Runs a function of the plugin's, and tells when it holds everybody up. */
  timed<Result>(interaction: Interaction, run: () => Result): Result {
    const { clock } = this.services;
    const since = clock.now();
    try {
      return run();
    } finally {
      const took = clock.now() - since;
      if (took > longestTurn) {
        const text = `plugin ${this.plugin.name} ran for ${took} ms without giving way`;
        this.report(interaction, 'USHER_PLUGIN_BLOCKS', text);
      }
    }
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

  #stream(start: BotFunction, interaction: Interaction, around: Interceptor): Observable<never> {
    return defer(() => {
      const abort = new AbortController();
      const { name } = this.plugin;
      const operations = this.services.gateway.bind(interaction, name, around);
      const context = { ...this.contextIn(interaction), operations, signal: abort.signal };
      return workOf(name, () => this.timed(interaction, () => start(interaction, context))).pipe(
        ignoreElements(),
        catchError((thrown: unknown) => {
          this.fail(interaction, thrown);
          return EMPTY;
        }),
        finalize(() => abort.abort()),
      );
    });
  }
}
