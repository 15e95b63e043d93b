import { type ErrorCode, errorCatalogue } from '../../errors.ts';
import type { JournalEntry, Missed, SessionStatus } from '../../model/journal-entry.ts';
import type { TranscriptLine } from '../../model/message.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Owner } from '../../model/owner.ts';
import { ChatBook, type ChatPage } from './chat-book.ts';
import { bold, dim, green, red, yellow } from './colours.ts';
import { deedOf } from './deed.ts';
import { intentOf } from './intent.ts';
import { type Line, lineText } from './line.ts';

export interface ConversationViewOptions {
  /** Whether what people write is shown, or only how long it is. */
  readonly showText: boolean;
  /** What the agents are called in the chats, by username. */
  readonly nicknames: ReadonlyMap<string, string>;
}

/** Tells the journal as a conversation: who did what, when, and which plugin did it; a line per event. */
export class ConversationView {
  readonly #options: ConversationViewOptions;
  readonly #book = new ChatBook();
  readonly #beenReady = new Set<string>();

  constructor(options: ConversationViewOptions) {
    this.#options = options;
  }

  /** The lines for one entry: none for what nobody needs to see. */
  lines(entry: JournalEntry): string[] {
    return this.#tell(entry).map((line) => lineText(line, entry.at));
  }

  #tell(entry: JournalEntry): Line[] {
    const { agent } = entry;
    switch (entry.kind) {
      case 'session':
        return this.#session(agent, entry.status, entry.detail);
      case 'resynchronised':
        return [{ chat: undefined, body: dim(missedText(this.#nickname(agent), entry.away, entry.missed)) }];
      case 'plugin-quarantined':
        return [
          { chat: undefined, body: yellow(`! kept away from the chats: ${entry.reason}`), by: entry.plugin },
        ];
      case 'plugin-released':
        return [{ chat: undefined, body: green('works again'), by: entry.plugin }];
      case 'interaction-began': {
        const chat = this.#book.open(agent, entry.interactionId, entry.userData, entry.at);
        const kind = entry.type === 'inbound' ? 'a new chat' : `a ${entry.type}`;
        const taker = entry.bot === undefined ? 'no bot takes it' : entry.bot;
        return [{ chat, body: dim(`${kind} for ${this.#nickname(agent)}`), by: taker }];
      }
      case 'interaction-ended': {
        const chat = this.#book.close(agent, entry.interactionId);
        const seconds =
          chat === undefined ? '' : ` after ${((entry.at - chat.beganAt) / 1_000).toFixed(1)} s`;
        return [{ chat, body: dim(`over: ${entry.end.reason}${seconds}`) }];
      }
      case 'owner':
        return [{ chat: this.#book.find(agent, entry.interactionId), body: dim(ownerText(entry.owner)) }];
      case 'noted': {
        const facts = Object.entries(entry.facts).map(([name, value]) =>
          name === 'phase' ? `${value}` : `${name} ${value}`,
        );
        const chat = this.#book.find(agent, entry.interactionId);
        return [{ chat, body: dim(`${entry.what}: ${facts.join(', ')}`), by: entry.plugin }];
      }
      case 'notification':
        return entry.notification.kind === 'transcript'
          ? this.#transcript(agent, entry.notification.interactionId, entry.notification.lines)
          : [];
      case 'outcome':
        return this.#outcome(agent, entry.outcome);
      case 'would-have':
        return this.#wouldHave(entry);
      case 'problem': {
        const chat =
          entry.interactionId === undefined ? undefined : this.#book.find(agent, entry.interactionId);
        const fix = errorCatalogue[entry.code as ErrorCode]?.fix;
        return [{ chat, body: yellow(`! ${entry.message}. Fix: ${fix} [${entry.code}]`), by: entry.plugin }];
      }
      case 'assigned': {
        const body = dim(`experiment ${entry.experiment}: ${entry.arm}`);
        return [{ chat: this.#book.find(agent, entry.interactionId), body }];
      }
      case 'experiment-switched': {
        const text = `experiment ${entry.experiment} ${entry.stopped ? 'is stopped' : 'goes on'}: ${entry.reason}`;
        return [{ chat: undefined, body: yellow(`! ${text}`) }];
      }
      case 'operation':
      case 'snapshot':
      case 'exposed':
      case 'measured':
      case 'relayed':
      case 'shadow-began':
        return [];
    }
  }

  #session(agent: string, status: SessionStatus, detail: string | undefined): Line[] {
    // An agent that cannot even start is an error of the command, told by it.
    if (status === 'failed' && !this.#beenReady.has(agent)) return [];
    if (status === 'ready') this.#beenReady.add(agent);
    return [{ chat: undefined, body: sessionText(this.#nickname(agent), status, detail) }];
  }

  #outcome(agent: string, outcome: Outcome): Line[] {
    const { operation, kind, reason, message } = outcome;
    const chat = this.#book.find(agent, operation.interactionId);
    const by = operation.plugin;
    const who = this.#nickname(agent);
    if (kind === 'sent') {
      const deed = deedOf(operation, (text) => this.#words(text));
      return deed === undefined ? [] : [{ chat, body: `${bold(who)} ${deed}`, by }];
    }
    const detail = [
      reason,
      outcome.status === undefined ? undefined : `statusCode ${outcome.status}`,
      message,
    ];
    const text = `${operation.name} ${kind}: ${detail.filter(Boolean).join(', ')}`;
    return [{ chat, body: kind === 'suppressed' ? dim(`${who} ${text}`) : red(`✗ ${who} ${text}`), by }];
  }

  #wouldHave({ agent, bot, operation, withheld }: Extract<JournalEntry, { kind: 'would-have' }>): Line[] {
    if (withheld !== undefined) return [];
    const deed = intentOf(operation, (text) =>
      this.#options.showText ? `“${text}”` : dim(`${text.length} characters`),
    );
    if (deed === undefined) return [];
    const chat = this.#book.find(agent, operation.interactionId);
    const by = bot === undefined ? operation.plugin : `${bot}/${operation.plugin}`;
    return [{ chat, body: `${this.#nickname(agent)} ${yellow('would')} ${deed}`, by }];
  }

  #transcript(agent: string, interactionId: string, lines: readonly TranscriptLine[]): Line[] {
    const chat = this.#book.find(agent, interactionId);
    if (chat === undefined) return [];
    const fresh = lines.filter(({ index }) => index > chat.shownIndex);
    chat.shownIndex = Math.max(chat.shownIndex, ...fresh.map(({ index }) => index));
    return fresh.flatMap((line) => this.#said(line, chat, this.#nickname(agent)));
  }

  /** What the others do; the agent's own lines are told by the operations that made them. */
  #said({ type, from, text, visibility }: TranscriptLine, chat: ChatPage, own: string): Line[] {
    if (from.type === 'Agent' && from.nickname === own) return [];
    // The column in front names the customer already.
    const who = from.type === 'Customer' ? '' : `${bold(from.nickname || from.type)} `;
    const aside = visibility === 'Agents' ? dim(' (to agents only)') : '';
    switch (type) {
      case 'Text':
        return [{ chat, body: `${who}${this.#words(text)}${aside}` }];
      case 'ParticipantJoined':
        return from.type === 'Customer' ? [] : [{ chat, body: `${who}joins${aside}` }];
      case 'ParticipantLeft':
        return [{ chat, body: `${who}leaves${aside}` }];
      default:
        return [];
    }
  }

  #words(text: string): string {
    return this.#options.showText ? `“${text}”` : dim(`writes ${text.length} characters`);
  }

  #nickname(agent: string): string {
    return this.#options.nicknames.get(agent) ?? agent;
  }
}

function sessionText(who: string, status: SessionStatus, detail: string | undefined): string {
  const colour = status === 'ready' ? green : status === 'failed' || status === 'recovering' ? yellow : dim;
  return colour(
    `${who} ${status === 'failed' ? 'has failed' : `is ${status}`}${detail === undefined ? '' : `: ${detail}`}`,
  );
}

function missedText(agent: string, away: number, { began, ended, lines }: Missed): string {
  const missed = [`${began} chats began`, `${ended} ended`, `${lines} lines were written`];
  return `${agent} was away for ${(away / 1_000).toFixed(1)} s: meanwhile ${missed.join(', ')}`;
}

function ownerText(owner: Owner): string {
  switch (owner.kind) {
    case 'human':
      return `${owner.name} has the word now: the bot is silent`;
    case 'bot':
      return 'the bot has the word again';
    case 'nobody':
      return 'on its way to somebody else';
  }
}
