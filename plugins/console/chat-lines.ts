import { type Agent, answeredLine, isAgent, type JournalEntry, type Operation } from '../../core/index.ts';
import { type Discretion, nameOf, words } from './discretion.ts';
import type { LineRow } from './wire.ts';

type Said = Extract<Operation, { name: 'sendMessage' }>;

/** The transcript of a chat, each line with the plugin that said it and what it answers. */
export class ChatLines {
  readonly #agent: Agent | undefined;
  readonly #discretion: Discretion;
  readonly #rows = new Map<number, LineRow>();
  /** What was asked to be said and has not been seen in the transcript. */
  readonly #said: Said[] = [];
  #joinedAt: number | undefined;

  constructor(agent: Agent | undefined, discretion: Discretion) {
    this.#agent = agent;
    this.#discretion = discretion;
  }

  all(): readonly LineRow[] {
    return [...this.#rows.values()].sort((one, other) => one.index - other.index);
  }

  /** Returns the lines that the entry adds. */
  take(entry: JournalEntry): readonly LineRow[] {
    if (entry.kind === 'operation' && entry.operation.name === 'sendMessage')
      this.#said.push(entry.operation);
    if (entry.kind !== 'notification' || entry.notification.kind !== 'transcript') return [];
    const { lines } = entry.notification;
    const agent = this.#agent;
    const arrival = lines.find(
      ({ type, from }) => type === 'ParticipantJoined' && agent !== undefined && isAgent(from, agent),
    );
    this.#joinedAt ??= arrival?.index;
    return lines.flatMap(({ index, type, from, text, at, visibility }): LineRow[] => {
      if (this.#rows.has(index) || type === 'TypingStarted' || type === 'TypingStopped') return [];
      const own = agent !== undefined && isAgent(from, agent);
      const said = own && type === 'Text' ? this.#claim(text) : undefined;
      const answers = said === undefined ? undefined : answeredLine(said);
      const row: LineRow = {
        index,
        at: at ?? entry.at,
        type,
        from: nameOf(from.nickname, from.type, this.#discretion),
        role: roleOf(from.type, own, said),
        text: words(text, this.#discretion),
        history: this.#joinedAt === undefined || index < this.#joinedAt,
        hidden: visibility !== 'All',
        ...(said !== undefined && { plugin: said.plugin }),
        ...(answers !== undefined && { answers }),
      };
      this.#rows.set(index, row);
      return [row];
    });
  }

  #claim(text: string): Said | undefined {
    const position = this.#said.findIndex((said) => said.text === text);
    return position < 0 ? undefined : this.#said.splice(position, 1)[0];
  }
}

function roleOf(type: string, own: boolean, said: Said | undefined): LineRow['role'] {
  if (type === 'Customer') return 'customer';
  if (own) return said?.plugin === 'human' ? 'human' : 'bot';
  return type === 'Agent' ? 'human' : 'other';
}
