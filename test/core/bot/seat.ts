import { type Observable, of } from 'rxjs';
import type { JournalEntry, Operation, Outcome, Plugin } from 'usher-bots';
import { Runner } from '../../../core/bot/runner.ts';
import { ChainGateway } from '../../../core/gateway/gateway.ts';
import { journalled } from '../../../core/gateway/interceptors/journal.ts';
import { lane } from '../../../core/gateway/interceptors/lane.ts';
import type { Clock, Interceptor } from '../../../core/ports.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';
import { quietServices } from './quiet-services.ts';

const passing: Interceptor = (operation, next) => next(operation);

export interface SeatParts {
  /** What the server answers. Default: everything is sent at once. */
  readonly send?: (operation: Operation) => Observable<Outcome>;
  readonly clock?: Clock;
  readonly ledger?: SessionLedger;
}

export const sent = (operation: Operation): Outcome => ({ operation, kind: 'sent', attempts: 1 });

/** A runner with these plugins over the real gateway, all that it journals, and all that reaches the wire. */
export function seat(
  plugins: readonly Plugin[],
  {
    send = (operation) => of(sent(operation)),
    clock = new RxClock(),
    ledger = new SessionLedger(),
  }: SeatParts = {},
) {
  const entries: JournalEntry[] = [];
  const wire: Operation[] = [];
  const journal = new LiveJournal(clock, silentLog);
  journal.entries$.subscribe((entry) => entries.push(entry));
  const gateway = new ChainGateway({
    journal: journalled(journal, clock, testAgent.username),
    once: passing,
    lane: lane(),
    inner: [],
    send: (operation) => {
      wire.push(operation);
      return send(operation);
    },
  });
  const prepared = plugins.map(({ name, limits, create }) => ({ name, limits, parts: create() }));
  const runner = new Runner([{ name: 'tested', handles: () => true, plugins: prepared }], {
    agent: testAgent,
    gateway,
    ledger,
    journal,
    clock,
    log: silentLog,
    ...quietServices(),
  });
  return {
    runner,
    gateway,
    ledger,
    entries,
    wire,
    problems: () => entries.flatMap((entry) => (entry.kind === 'problem' ? [entry.code] : [])),
    outcomes: () => entries.flatMap((entry) => (entry.kind === 'outcome' ? [entry.outcome] : [])),
  };
}

/** A chat that the agent has joined. */
export function chat(id = 'I'): LiveInteraction {
  const interaction = new LiveInteraction(
    id,
    testAgent,
    { state: 'Chatting' },
    { memory: { joinedAt: 0, seen: 0 } },
  );
  return interaction;
}

/** The customer writes these lines, which are numbered on from the last. */
export function write(interaction: LiveInteraction, ...texts: string[]): void {
  const first = Math.max(interaction.lastIndex, 0) + 1;
  interaction.append(
    texts.map((text, at) => ({
      index: first + at,
      type: 'Text' as const,
      from: people.customer,
      text,
      visibility: 'All' as const,
    })),
  );
}
