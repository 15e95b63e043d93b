import { context, type SpanContext, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Subscription } from 'rxjs';
import {
  answeredLine,
  type HostContext,
  type JournalEntry,
  type Notification,
  type Operation,
  type Outcome,
} from '../../core/index.ts';

/** Lines of a chat whose notifications are remembered, for answers that come later. */
const rememberedLines = 50;

interface TracedChat {
  /** The notification with which the chat began. */
  readonly first: SpanContext;
  /** The one that came last. */
  latest: SpanContext;
  readonly lines: Map<number, SpanContext>;
  /** What caused the operations that have been asked for and have no outcome yet. */
  readonly asked: {
    readonly operation: Operation;
    readonly cause: SpanContext;
    readonly latest: SpanContext;
  }[];
}

/**
 * Makes a trace of each notification, with the operations that it led to below it, until it is unsubscribed. An answer
 * stands below the line that it answers, and is linked to the notification that came last before it; notifications are
 * linked to the first of their chat.
 */
export function traceChats(host: HostContext, tracer: Tracer): Subscription {
  const chats = new Map<string, TracedChat>();
  return host.journal$.subscribe((entry) => {
    switch (entry.kind) {
      case 'notification':
        return traceNotification(tracer, chats, entry, entry.notification);
      case 'operation': {
        const { operation } = entry;
        const chat = chats.get(keyOf(entry.agent, operation.interactionId));
        if (chat === undefined) return;
        const line = answeredLine(operation);
        const cause = (line === undefined ? undefined : chat.lines.get(line)) ?? chat.latest;
        return void chat.asked.push({ operation, cause, latest: chat.latest });
      }
      case 'outcome':
        return traceOutcome(tracer, chats, entry, entry.outcome, entry.took);
      case 'interaction-ended':
        return void chats.delete(keyOf(entry.agent, entry.interactionId));
      default:
        return;
    }
  });
}

function traceNotification(
  tracer: Tracer,
  chats: Map<string, TracedChat>,
  { agent, at }: JournalEntry,
  notification: Notification,
): void {
  const interactionId = 'interactionId' in notification ? notification.interactionId : undefined;
  if (interactionId === undefined) return;
  const key = keyOf(agent, interactionId);
  const known = chats.get(key);
  const state = notification.kind === 'interaction' ? notification.update.state : undefined;
  const span = tracer.startSpan(
    `notification ${notification.kind}`,
    {
      root: true,
      kind: SpanKind.CONSUMER,
      startTime: new Date(at),
      attributes: {
        'usher.agent': agent,
        'usher.interaction.id': interactionId,
        ...(state !== undefined && { 'usher.interaction.state': state }),
        ...(notification.kind === 'transcript' && { 'usher.lines': notification.lines.length }),
      },
      links: known === undefined ? [] : [{ context: known.first }],
    },
    context.active(),
  );
  span.end(new Date(at));
  const told = span.spanContext();
  // What is told of a chat that is over is of no consequence.
  if (known === undefined && state !== 'Invited' && state !== 'Chatting') return;
  const chat = known ?? { first: told, latest: told, lines: new Map(), asked: [] };
  chat.latest = told;
  chats.set(key, chat);
  if (notification.kind !== 'transcript') return;
  for (const { index } of notification.lines) {
    chat.lines.set(index, told);
    for (const oldest of chat.lines.keys()) {
      if (chat.lines.size <= rememberedLines) break;
      chat.lines.delete(oldest);
    }
  }
}

function traceOutcome(
  tracer: Tracer,
  chats: Map<string, TracedChat>,
  { agent, at }: JournalEntry,
  { operation, kind, reason, status, attempts }: Outcome,
  took: number,
): void {
  const chat = chats.get(keyOf(agent, operation.interactionId));
  const position =
    chat?.asked.findIndex(
      ({ operation: { name, plugin, once } }) =>
        name === operation.name && plugin === operation.plugin && once === operation.once,
    ) ?? -1;
  const [asked] = position < 0 ? [] : (chat?.asked.splice(position, 1) ?? []);
  const parent = asked === undefined ? context.active() : trace.setSpanContext(context.active(), asked.cause);
  const isLinked = asked !== undefined && asked.latest !== asked.cause;
  const span = tracer.startSpan(
    `operation ${operation.name}`,
    {
      kind: SpanKind.CLIENT,
      startTime: new Date(at - took),
      attributes: {
        'usher.agent': agent,
        'usher.interaction.id': operation.interactionId,
        'usher.plugin': operation.plugin,
        'usher.operation': operation.name,
        'usher.outcome': kind,
        'usher.attempts': attempts,
        ...(operation.once !== undefined && { 'usher.once': operation.once }),
        ...(reason !== undefined && { 'usher.reason': reason }),
        ...(status !== undefined && { 'usher.status': status }),
      },
      links: isLinked ? [{ context: asked.latest }] : [],
    },
    parent,
  );
  if (kind === 'failed' || kind === 'refused' || kind === 'unknown')
    span.setStatus({ code: SpanStatusCode.ERROR, message: reason ?? kind });
  span.end(new Date(at));
}

function keyOf(agent: string, interactionId: string): string {
  return `${agent} ${interactionId}`;
}
