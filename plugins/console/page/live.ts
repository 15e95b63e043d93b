import { signal } from '@preact/signals';
import type {
  AgentRow,
  BoardMessage,
  ChatMessage,
  ChatRow,
  CustomerRow,
  HostRow,
  Incident,
  LineRow,
  OperationRow,
  PlaygroundMessage,
  PluginRow,
  TimelineRow,
} from '../wire.ts';

/** Whether the board is up to date. */
export const connected = signal(false);
export const host = signal<HostRow | undefined>(undefined);
export const agents = signal<ReadonlyMap<string, AgentRow>>(new Map());
export const chats = signal<ReadonlyMap<string, ChatRow>>(new Map());
export const plugins = signal<readonly PluginRow[]>([]);
export const operations = signal<readonly OperationRow[]>([]);
export const incidents = signal<readonly Incident[]>([]);

const keptIncidents = 300;

/** Follows the board until the returned function is called. The browser connects again by itself. */
export function followBoard(): () => void {
  return follow<BoardMessage>('./api/live/board', connected, (message) => {
    if (message.host !== undefined) host.value = message.host;
    if (message.agents !== undefined)
      agents.value = merged(message.full, agents.value, message.agents, ({ username }) => username);
    if (message.chats !== undefined || message.gone !== undefined)
      chats.value = merged(message.full, chats.value, message.chats ?? [], ({ key }) => key, message.gone);
    if (message.plugins !== undefined) plugins.value = message.plugins;
    if (message.operations !== undefined) operations.value = message.operations;
    if (message.incidents !== undefined) {
      const before = message.full ? [] : incidents.value;
      incidents.value = [...before, ...message.incidents].slice(-keptIncidents);
    }
  });
}

export interface ChatPicture {
  readonly lines: readonly LineRow[];
  readonly timeline: readonly TimelineRow[];
  readonly participants: NonNullable<ChatMessage['participants']>;
  readonly userData: NonNullable<ChatMessage['userData']>;
}

const nothing: ChatPicture = { lines: [], timeline: [], participants: [], userData: {} };

/** Follows one chat. */
export function followChat(
  { agent, id }: Pick<ChatRow, 'agent' | 'id'>,
  show: (picture: ChatPicture) => void,
): () => void {
  let picture = nothing;
  const address = `./api/live/chats/${encodeURIComponent(agent)}/${encodeURIComponent(id)}`;
  return follow<ChatMessage>(address, undefined, (message) => {
    const before = message.full ? nothing : picture;
    picture = {
      lines: [...before.lines, ...(message.lines ?? [])].sort((one, other) => one.index - other.index),
      timeline: [...before.timeline, ...(message.timeline ?? [])],
      participants: message.participants ?? before.participants,
      userData: message.userData ?? before.userData,
    };
    show(picture);
  });
}

export const faults = signal<NonNullable<PlaygroundMessage['faults']>>([]);
export const customers = signal<ReadonlyMap<string, CustomerRow>>(new Map());

export function followPlayground(): () => void {
  return follow<PlaygroundMessage>('./api/live/playground', undefined, (message) => {
    if (message.faults !== undefined) faults.value = message.faults;
    if (message.customers !== undefined)
      customers.value = merged(message.full, customers.value, message.customers, ({ chatId }) => chatId);
  });
}

/** Follows what an address tells; the browser connects again by itself. */
export function follow<Message>(
  address: string,
  state: { value: boolean } | undefined,
  take: (message: Message) => void,
  revive?: (key: string, value: unknown) => unknown,
): () => void {
  const source = new EventSource(address);
  source.onopen = () => {
    if (state !== undefined) state.value = true;
  };
  source.onerror = () => {
    if (state !== undefined) state.value = false;
  };
  source.onmessage = ({ data }) => take(JSON.parse(data as string, revive) as Message);
  return () => source.close();
}

function merged<Row>(
  full: true | undefined,
  before: ReadonlyMap<string, Row>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  gone: readonly string[] = [],
): ReadonlyMap<string, Row> {
  const after = new Map(full ? [] : before);
  for (const row of rows) after.set(keyOf(row), row);
  for (const key of gone) after.delete(key);
  return after;
}
