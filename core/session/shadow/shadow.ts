import type { Container } from 'inversify';
import { NEVER, type Observable } from 'rxjs';
import type { Bot } from '../../bot/define-bot.ts';
import { HandOffRequests } from '../../bot/hand-off-requests.ts';
import { Runner } from '../../bot/runner.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { Line } from '../../gateway/interceptors/online.ts';
import { type OwnedInteraction, Ownership } from '../../gateway/ownership.ts';
import type { Agent } from '../../model/agent.ts';
import type { Interaction } from '../../ports.ts';
import { colleagueSpeaks } from '../../streams/operators/colleague.ts';
import { prepareBots, type RootServices, sessionContainer } from '../container.ts';
import type { Draining } from '../draining.ts';
import { SessionLedger } from '../ledger.ts';
import { closedGateway } from './closed-gateway.ts';
import { controlOnly } from './control-only.ts';
import { shadowInteraction } from './shadow-interaction.ts';
import { ShadowJournal } from './shadow-journal.ts';

export interface ShadowOptions {
  readonly agent: Agent;
  readonly bot: Bot;
  readonly dialect: Dialect;
  /** Whether the session stands. */
  readonly line$: Observable<Line>;
  readonly draining?: Pick<Draining, 'drain$' | 'interceptor'> | undefined;
  readonly root: Container;
  readonly services: RootServices;
}

/**
 * A bot that sees the chats of a seat beside the one that does the work. All that it acts by is its own and ends here: its
 * gateway has no way out, what it keeps is in memory, and who has the word, as it sees it, is for it alone.
 */
export class Shadow {
  readonly #chats = new Map<string, OwnedInteraction>();
  readonly #ownership: Ownership;
  readonly #runner: Runner;
  readonly #container: Container | undefined;

  /** @throws UsherError USHER_BINDING, USHER_PLUGIN_FAILED */
  constructor({ agent, bot, dialect, line$, draining, root, services }: ShadowOptions) {
    const { clock, log } = services;
    const journal = new ShadowJournal(bot.name, services.journal);
    const ledger = new SessionLedger();
    const find = (id: string): OwnedInteraction | undefined => this.#chats.get(id);
    this.#ownership = new Ownership({ find, ledger, colleagueSpeaks, onChange: () => undefined });
    const gateway = closedGateway({
      agent: agent.username,
      journal,
      clock,
      dialect,
      find,
      ledger,
      ownership: this.#ownership,
      line$,
      draining: draining?.interceptor,
    });
    const container = sessionContainer(root, gateway, services.services, journal);
    const prepared = prepareBots(container, [bot]);
    this.#container = services.services.some(({ scope }) => scope === 'session') ? container : undefined;
    this.#runner = new Runner(prepared, {
      agent,
      gateway,
      ledger,
      journal,
      clock,
      log: log.child({ agent: agent.username, shadow: bot.name }),
      handOffs: new HandOffRequests(),
      words: this.#ownership,
      drain$: draining?.drain$ ?? NEVER,
      experiments: controlOnly,
      backlogs: new WeakMap(),
    });
  }

  /** Shows it a chat. One that was found open it leaves alone: it does not know what it would have done before. */
  take(interaction: Interaction): void {
    if (interaction.now.state !== 'Invited') return;
    const own = shadowInteraction(interaction);
    this.#chats.set(own.id, own);
    own.ended$.subscribe(() => {
      if (this.#chats.get(own.id) === own) this.#chats.delete(own.id);
    });
    this.#ownership.watch(own);
    this.#runner.take(own);
  }

  stop(): void {
    this.#runner.stop();
  }

  async close(): Promise<void> {
    this.#runner.stop();
    await this.#container?.unbindAllAsync();
  }
}
