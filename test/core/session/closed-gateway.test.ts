import { of } from 'rxjs';
import { gatewayContract, type MakeGateway } from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { Ownership } from '../../../core/gateway/ownership.ts';
import type { JournalEvent } from '../../../core/model/journal-entry.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveJournal } from '../../../core/session/live-journal.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { closedGateway } from '../../../core/session/shadow/closed-gateway.ts';
import { shadowInteraction } from '../../../core/session/shadow/shadow-interaction.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { colleagueSpeaks } from '../../../core/streams/operators/colleague.ts';

/** A gateway without a way out, of which the checks see what would have left instead of what has. */
const closed: MakeGateway = ({ send, find }) => {
  const clock = new RxClock();
  const ledger = new SessionLedger();
  class Overheard extends LiveJournal {
    override record(_agent: string, event: JournalEvent): void {
      if (event.kind === 'outcome' && event.outcome.kind === 'sent')
        send(event.outcome.operation).subscribe();
    }
  }
  const own = (id: string) => {
    const interaction = find(id);
    return interaction === undefined ? undefined : shadowInteraction(interaction);
  };
  return closedGateway({
    agent: 'ada',
    journal: new Overheard(clock, silentLog),
    clock,
    dialect: gws850(),
    find,
    ledger,
    ownership: new Ownership({ find: own, ledger, colleagueSpeaks, onChange: () => undefined }),
    line$: of('online'),
  });
};

/** What is promised of servers that take their time, or refuse: here none is asked. */
const ofServers: ReadonlySet<string> = new Set([
  'takes the operations of a chat one after the other, in the order they were asked for',
  'drops what is unsubscribed before it has left',
  'goes on after an operation that was refused',
  'frees a once key when the operation was refused',
]);

describe('a gateway without a way out', () => {
  it.each(gatewayContract(closed).filter(({ promise }) => !ofServers.has(promise)))('$promise', ({ check }) =>
    check(),
  );
});
