import type { AgentEvent, Line, PartSnapshot } from '../engine/records.ts';
import type { Wire } from '../wire/wire.ts';
import type { Hit } from './hit.ts';

/** Ways to spoil a notification, each with what it leaves of it. */
const spoilers: readonly [
  readonly [string, (data: Record<string, unknown>) => unknown],
  ...(readonly [string, (data: Record<string, unknown>) => unknown])[],
] = [
  ['nothing', () => null],
  ['a text cut short', (data) => JSON.stringify(data).slice(0, 40)],
  ['a list', (data) => [data]],
  ['only its types', ({ messageType, notificationType }) => ({ messageType, notificationType })],
  ['members of wrong types', (data) => mapped(data, (value) => (typeof value === 'string' ? 7 : 'seven'))],
  [
    'records without content',
    (data) => mapped(data, (value) => (Array.isArray(value) ? [{}] : isRecord(value) ? {} : value)),
  ],
  ['an unknown messageType', (data) => ({ ...data, messageType: 'SomethingNew' })],
];

/** A notification that makes no sense, made of one that does. */
export function nonsense(data: Record<string, unknown>, hit: Hit): unknown {
  const [name, spoil] = hit.oneOf(spoilers);
  hit.note(name);
  return spoil(data);
}

/** A notification of a chat that the agent has no part in. */
export function foreign(event: AgentEvent, wire: Wire, id: string): Record<string, unknown> {
  if (event.kind !== 'lines') {
    const part: PartSnapshot = {
      ...event.part,
      interactionId: id,
      chatId: id,
      parentInteractionId: undefined,
    };
    return wire.event({ ...event, part: { ...part, state: 'Chatting' } });
  }
  const lines = event.lines.map(
    (line): Line => ({ ...line, ...(line.text !== undefined && { text: 'not for you' }) }),
  );
  return wire.event({ ...event, interactionId: id, chatId: id, lines });
}

function mapped(data: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  const kept = ['messageType', 'notificationType'];
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, kept.includes(key) ? value : change(value)]),
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
