import { defer, type Observable, of, ReplaySubject, Subscription } from 'rxjs';
import { defineBot } from '../bot/define-bot.ts';
import type { Plugin } from '../bot/plugin.ts';
import { Runner } from '../bot/runner.ts';
import { gws850 } from '../dialects/gws-8.5.0.ts';
import { ChainGateway } from '../gateway/gateway.ts';
import { capability } from '../gateway/interceptors/capability.ts';
import { journalled } from '../gateway/interceptors/journal.ts';
import { lane } from '../gateway/interceptors/lane.ts';
import { once } from '../gateway/interceptors/once.ts';
import { retry } from '../gateway/interceptors/retry.ts';
import type { JournalEntry, Problem } from '../model/journal-entry.ts';
import type { Operation } from '../model/operation.ts';
import { prepareBots, rootContainer, sessionContainer } from '../session/container.ts';
import { SessionLedger } from '../session/ledger.ts';
import { LiveJournal } from '../session/live-journal.ts';
import { RxClock } from '../session/rx-clock.ts';
import type { Service } from '../session/services.ts';
import { silentLog } from '../session/silent-log.ts';
import { Interactions } from '../streams/interactions.ts';
import { type ScriptedChat, testAgent } from './scripted-chat.ts';

/**
 * An agent's seat without a server: the real interaction model, runner and gateway, with scripted chats at one
 * end and a list of sent operations at the other. No sockets, and time is whatever RxJS says it is.
 */
export class Stage {
  readonly problems: Problem[] = [];
  readonly entries: JournalEntry[] = [];
  readonly #sent = new ReplaySubject<Operation>();
  readonly #running = new Subscription();

  /** Each operation when it leaves. */
  readonly sent$: Observable<Operation> = this.#sent.asObservable();

  constructor(plugins: readonly Plugin[], chats: readonly ScriptedChat[], services: readonly Service[] = []) {
    const clock = new RxClock();
    const log = silentLog;
    const journal = new LiveJournal(clock, log);
    this.#running.add(
      journal.entries$.subscribe((entry) => {
        this.entries.push(entry);
        if (entry.kind === 'problem') this.problems.push(entry);
      }),
    );
    const interactions = new Interactions(testAgent, (code, message, interactionId) =>
      journal.record(testAgent.username, {
        kind: 'problem',
        code,
        message,
        ...(interactionId !== undefined && { interactionId }),
      }),
    );
    const find = (id: string) => interactions.get(id);
    const ledger = new SessionLedger();
    const gateway = new ChainGateway({
      journal: journalled(journal, clock, testAgent.username),
      once: once(find, ledger),
      lane: lane(),
      inner: [retry({ jitter: () => 1 }), capability(find, gws850().capabilities)],
      send: (operation) =>
        defer(() => {
          this.#sent.next(operation);
          const chat = chats.find(({ id }) => id === operation.interactionId);
          return chat === undefined ? of() : of(chat.answer(operation));
        }),
    });
    const root = rootContainer({ clock, journal, log, services });
    const bots = prepareBots(sessionContainer(root, gateway, services), [
      defineBot({ name: 'tested', plugins }),
    ]);
    const runner = new Runner(bots, { agent: testAgent, gateway, ledger, journal, clock, log });
    interactions.opened$.subscribe((interaction) => runner.take(interaction));
    this.#running.add(() => runner.stop());
    this.#running.add(() => interactions.close());
    for (const chat of chats) this.#running.add(chat.begin(interactions));
  }

  close(): void {
    this.#running.unsubscribe();
  }
}
