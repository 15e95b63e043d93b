import { concat, defer, filter, from, type Observable, switchMap } from 'rxjs';
import type { AgentDesk, BotFacts } from '../bot/host-plugin.ts';
import type { PluginStatus } from '../bot/quarantine.ts';
import type { Agent } from '../model/agent.ts';
import type { HandOffRequest } from '../model/hand-off.ts';
import type { SessionStatus } from '../model/journal-entry.ts';
import type { Interaction, Operations } from '../ports.ts';
import type { Seat } from './seat.ts';

/** What a desk needs of its agent session. */
export interface Seated {
  readonly username: string;
  readonly status: SessionStatus;
  readonly status$: Observable<SessionStatus>;
  readonly bots: readonly BotFacts[];
  readonly seat: Seat | undefined;
  /** Replays the latest. */
  readonly seat$: Observable<Seat | undefined>;
}

/** An agent session as the plugins of the host see it. */
export class Desk implements AgentDesk {
  readonly #session: Seated;
  readonly interactions$: Observable<Interaction>;

  constructor(session: Seated) {
    this.#session = session;
    this.interactions$ = session.seat$.pipe(
      filter((seat) => seat !== undefined),
      switchMap(({ interactions }) =>
        concat(
          defer(() => from(interactions.open)),
          interactions.opened$,
        ),
      ),
    );
  }

  get username(): string {
    return this.#session.username;
  }

  get agent(): Agent | undefined {
    return this.#session.seat?.agent;
  }

  get status(): SessionStatus {
    return this.#session.status;
  }

  get status$(): Observable<SessionStatus> {
    return this.#session.status$;
  }

  get bots(): readonly BotFacts[] {
    return this.#session.bots;
  }

  get plugins(): readonly PluginStatus[] {
    return this.#session.seat?.plugins.plugins ?? [];
  }

  get interactions(): readonly Interaction[] {
    return this.#session.seat?.interactions.open ?? [];
  }

  quarantine(plugin: string, reason: string): void {
    this.#session.seat?.plugins.quarantine(plugin, reason, true);
  }

  release(plugin: string): void {
    this.#session.seat?.plugins.release(plugin);
  }

  takeOver(interactionId: string, name: string): boolean {
    return this.#session.seat?.takeOver(interactionId, name) ?? false;
  }

  giveBack(interactionId: string): boolean {
    return this.#session.seat?.giveBack(interactionId) ?? false;
  }

  asHuman(interactionId: string): Operations | undefined {
    return this.#session.seat?.asHuman(interactionId);
  }

  requestHandOff(interactionId: string, request: HandOffRequest): boolean {
    return this.#session.seat?.requestHandOff(interactionId, request) ?? false;
  }
}
