import type { JournalEntry } from '../../model/journal-entry.ts';
import { type OperationName, operationNames } from '../../model/operation.ts';
import type { OutcomeKind } from '../../model/outcome.ts';
import { Latencies, type LatencySummary } from './latencies.ts';

export interface ReportData {
  readonly kind: 'report';
  readonly chats: {
    readonly began: number;
    readonly ended: number;
    readonly greeted: number;
    readonly handedOver: number;
  };
  readonly operations: readonly ({ readonly name: OperationName } & Partial<Record<OutcomeKind, number>>)[];
  /** Milliseconds. */
  readonly latencies: {
    readonly toAccept: LatencySummary;
    readonly toGreeting: LatencySummary;
    readonly toReply: LatencySummary;
  };
  readonly refusals: readonly string[];
  readonly problems: Readonly<Record<string, number>>;
}

interface OpenChat {
  readonly beganAt: number;
  greeted: boolean;
  /** When the customer wrote what was not yet replied to. */
  waitingSince: number | undefined;
}

/** Refusals are listed up to here, and counted beyond. */
const listedRefusals = 20;

/** Counts what the journal tells, for the end of a run. */
export class Report {
  readonly #open = new Map<string, OpenChat>();
  readonly #outcomes = new Map<OperationName, Map<OutcomeKind, number>>();
  readonly #problems = new Map<string, number>();
  readonly #refusals: string[] = [];
  readonly #toAccept = new Latencies();
  readonly #toGreeting = new Latencies();
  readonly #toReply = new Latencies();
  #began = 0;
  #ended = 0;
  #greeted = 0;
  #handedOver = 0;

  add(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'interaction-began':
        this.#began += 1;
        this.#open.set(keyOf(entry.agent, entry.interactionId), {
          beganAt: entry.at,
          greeted: false,
          waitingSince: undefined,
        });
        return;
      case 'interaction-ended':
        this.#ended += 1;
        this.#open.delete(keyOf(entry.agent, entry.interactionId));
        return;
      case 'notification':
        return this.#notification(entry);
      case 'outcome':
        return this.#outcome(entry);
      case 'problem':
        return this.#problem(entry.code);
      case 'plugin-quarantined':
        return this.#problem('USHER_PLUGIN_QUARANTINED');
      case 'session':
      case 'operation':
        return;
    }
  }

  data(): ReportData {
    return {
      kind: 'report',
      chats: { began: this.#began, ended: this.#ended, greeted: this.#greeted, handedOver: this.#handedOver },
      operations: operationNames.flatMap((name) => {
        const kinds = this.#outcomes.get(name);
        return kinds === undefined ? [] : [{ name, ...Object.fromEntries(kinds) }];
      }),
      latencies: {
        toAccept: this.#toAccept.summary(),
        toGreeting: this.#toGreeting.summary(),
        toReply: this.#toReply.summary(),
      },
      refusals: this.#refusals,
      problems: Object.fromEntries(this.#problems),
    };
  }

  #notification({ agent, at, notification }: Extract<JournalEntry, { kind: 'notification' }>): void {
    if (notification.kind !== 'transcript') return;
    const chat = this.#open.get(keyOf(agent, notification.interactionId));
    if (chat?.greeted !== true) return;
    const asks = notification.lines.some(({ type, from }) => type === 'Text' && from.type === 'Customer');
    if (asks) chat.waitingSince ??= at;
  }

  #outcome({ agent, at, outcome }: Extract<JournalEntry, { kind: 'outcome' }>): void {
    const { operation, kind } = outcome;
    const kinds = this.#outcomes.get(operation.name) ?? new Map<OutcomeKind, number>();
    this.#outcomes.set(operation.name, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
    if (kind === 'refused' || kind === 'failed' || kind === 'unknown') this.#refuse(outcome);
    if (kind !== 'sent') return;
    const chat = this.#open.get(keyOf(agent, operation.interactionId));
    if (operation.name === 'accept' && chat !== undefined) this.#toAccept.add(at - chat.beganAt);
    if (operation.name === 'sendMessage' && chat !== undefined) this.#message(chat, at);
    if (operation.name === 'transfer' || operation.name === 'completeTransfer') this.#handedOver += 1;
  }

  #message(chat: OpenChat, at: number): void {
    if (!chat.greeted) {
      chat.greeted = true;
      this.#greeted += 1;
      this.#toGreeting.add(at - chat.beganAt);
    } else if (chat.waitingSince !== undefined) {
      this.#toReply.add(at - chat.waitingSince);
    }
    chat.waitingSince = undefined;
  }

  #problem(code: string): void {
    this.#problems.set(code, (this.#problems.get(code) ?? 0) + 1);
  }

  #refuse({ operation, kind, status, message }: Extract<JournalEntry, { kind: 'outcome' }>['outcome']): void {
    if (this.#refusals.length >= listedRefusals) return;
    const code = status === undefined ? '' : ` (statusCode ${status})`;
    this.#refusals.push(
      `${operation.name} by ${operation.plugin} ${kind}${code}: ${message ?? 'no reason given'}`,
    );
  }
}

function keyOf(agent: string, interactionId: string): string {
  return `${agent} ${interactionId}`;
}
