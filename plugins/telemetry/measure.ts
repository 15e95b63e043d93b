import type { Meter } from '@opentelemetry/api';
import { filter, mergeMap, Subscription, takeUntil } from 'rxjs';
import type { HostContext, JournalEntry, Notification, Outcome } from '../../core/index.ts';
import { type Instruments, instruments } from './instruments.ts';

/** What is known of the times of one chat, in milliseconds since 1970. */
interface Times {
  invitedAt?: number;
  joinedAt?: number;
  greeted?: boolean;
  /** The first line of the customer's that nobody has answered. */
  waitingSince?: number;
  replies: number;
}

/** Feeds the metrics of a process from its journal until it is unsubscribed. */
export function measure(host: HostContext, meter: Meter): Subscription {
  const taken = instruments(meter);
  const chats = new Map<string, Times>();
  observeState(host, taken);
  const measuring = new Subscription();
  measuring.add(host.journal$.subscribe((entry) => take(entry, chats, taken)));
  measuring.add(
    host.agents$
      .pipe(
        mergeMap(({ interactions$ }) => interactions$),
        mergeMap((interaction) =>
          interaction.messages$.pipe(
            filter(({ type, from, history }) => type === 'Text' && from.type === 'Customer' && !history),
            takeUntil(interaction.ended$),
            filter(() => interaction.now.owner.kind === 'bot'),
            mergeMap(() => {
              const times = chats.get(keyOf(interaction.agent.username, interaction.id));
              if (times !== undefined) times.waitingSince ??= host.clock.now();
              return [];
            }),
          ),
        ),
      )
      .subscribe(),
  );
  return measuring;
}

function observeState(host: HostContext, taken: Instruments): void {
  taken.observe('usher.ready', () => [[host.isReady ? 1 : 0]]);
  taken.observe('usher.sessions', () => counted(host.agents.map(({ status }) => ({ status }))));
  taken.observe('usher.chats.open', () => {
    const owners = host.agents.flatMap(({ interactions }) => interactions.map(({ now }) => now.owner.kind));
    return (['bot', 'human', 'nobody'] as const).map(
      (owner) => [owners.filter((one) => one === owner).length, { owner }] as const,
    );
  });
  taken.observe('usher.lane.depth', () =>
    summed(
      host.agents.flatMap(({ plugins }) => plugins.map(({ plugin, lines }) => [plugin, lines] as const)),
    ),
  );
  taken.observe('usher.plugins.quarantined', () =>
    summed(
      host.agents.flatMap(({ plugins }) =>
        plugins.map(({ plugin, state }) => [plugin, state === 'quarantined' ? 1 : 0] as const),
      ),
    ),
  );
}

function take(entry: JournalEntry, chats: Map<string, Times>, taken: Instruments): void {
  switch (entry.kind) {
    case 'notification':
      return takeNotification(entry, entry.notification, chats, taken);
    case 'interaction-ended':
      chats.delete(keyOf(entry.agent, entry.interactionId));
      return taken.add('usher.chats.ended', { reason: entry.end.reason });
    case 'outcome':
      return takeOutcome(entry, entry.outcome, entry.took, chats, taken);
    case 'owner': {
      const times = chats.get(keyOf(entry.agent, entry.interactionId));
      // What the customer writes to a human is not answered by the bot.
      if (times !== undefined && entry.owner.kind !== 'bot') delete times.waitingSince;
      return taken.add('usher.owner.changes', { owner: entry.owner.kind });
    }
    case 'noted': {
      const { phase, reason } = entry.facts;
      if (entry.what === 'hand-off')
        taken.add('usher.handoffs', { phase: String(phase), reason: String(reason) });
      return;
    }
    case 'resynchronised':
      taken.add('usher.recoveries');
      return taken.took('usher.recovery.gap', entry.away);
    case 'relayed':
      return taken.add('usher.analytics.batches', { sink: entry.sink });
    case 'problem': {
      const { code, plugin } = entry;
      taken.add('usher.problems', { code });
      if (code === 'USHER_LINE_REPEATED') taken.add('usher.duplicates.dropped');
      if (plugin !== undefined) taken.add('usher.plugin.failures', { plugin, code });
      return;
    }
    default:
      return;
  }
}

function takeNotification(
  { agent, at }: JournalEntry,
  notification: Notification,
  chats: Map<string, Times>,
  taken: Instruments,
): void {
  taken.add('usher.notifications', { type: notification.kind });
  if (notification.kind !== 'interaction') return;
  const key = keyOf(agent, notification.interactionId);
  const { state } = notification.update;
  if (state === 'Invited' && !chats.has(key)) {
    chats.set(key, { invitedAt: at, replies: 0 });
    taken.add('usher.invitations');
  }
  if (state === 'Chatting') {
    const times = chats.get(key) ?? { replies: 0 };
    times.joinedAt ??= at;
    chats.set(key, times);
  }
  if (state === 'Completed' || state === 'Revoked') chats.delete(key);
}

function takeOutcome(
  { agent, at }: JournalEntry,
  { operation, kind, reason }: Outcome,
  took: number,
  chats: Map<string, Times>,
  taken: Instruments,
): void {
  const { name, plugin, interactionId } = operation;
  taken.add('usher.operations', {
    operation: name,
    outcome: kind,
    plugin,
    ...(reason !== undefined && { reason }),
  });
  taken.took('usher.operation.duration', took, { operation: name, outcome: kind });
  const times = chats.get(keyOf(agent, interactionId));
  if (times === undefined || kind !== 'sent') return;
  if (name === 'accept' && times.invitedAt !== undefined)
    taken.took('usher.accept.latency', at - times.invitedAt);
  if (name !== 'sendMessage' || plugin === 'human') return;
  if (times.greeted !== true && times.joinedAt !== undefined)
    taken.took('usher.greeting.latency', at - times.joinedAt);
  times.greeted = true;
  if (times.waitingSince === undefined) return;
  taken.took('usher.reply.latency', at - times.waitingSince, {
    reply: times.replies === 0 ? 'first' : 'next',
  });
  times.replies += 1;
  delete times.waitingSince;
}

function keyOf(agent: string, interactionId: string): string {
  return `${agent} ${interactionId}`;
}

function counted(things: readonly { readonly status: string }[]): (readonly [number, { status: string }])[] {
  const counts = new Map<string, number>();
  for (const { status } of things) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => [count, { status }] as const);
}

function summed(
  things: readonly (readonly [plugin: string, value: number])[],
): (readonly [number, { plugin: string }])[] {
  const sums = new Map<string, number>();
  for (const [plugin, value] of things) sums.set(plugin, (sums.get(plugin) ?? 0) + value);
  return [...sums].map(([plugin, value]) => [value, { plugin }] as const);
}
