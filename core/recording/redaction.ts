import { createHmac } from 'node:crypto';
import type { Measures } from '../model/experiment.ts';
import type { InteractionUpdate, UserData } from '../model/interaction.ts';
import type { TranscriptLine } from '../model/message.ts';
import type { Notification } from '../model/notification.ts';
import type { Operation } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Participant } from '../model/participant.ts';
import type { RecordedEvent, TextPolicy } from './recording.ts';

export interface RedactionOptions {
  /** Who may tell that two values are the same needs it, and whoever has it can try values out. */
  readonly key: string;
  readonly texts: TextPolicy;
  /** GWS user id and nickname of the agent: whose texts are the own ones. */
  readonly agent: { readonly id: string; readonly nickname: string };
}

/** Values shorter than this are not looked for in other texts: they are part of ordinary words. */
const shortest = 3;
/** How many of the customers' values are looked for in texts of others; the oldest are forgotten. */
const mostKnown = 2_000;

/**
 * Takes out of journal entries what customers wrote and what is known of them. The same value has the same tag
 * throughout, as in `<text:1f0c9a77e2>`. What is not known to be harmless is left out.
 */
export class Redaction {
  readonly #options: RedactionOptions;
  /** Customers' values and their tags. */
  readonly #known = new Map<string, string>();

  constructor(options: RedactionOptions) {
    this.#options = options;
  }

  /** A tag that tells nothing of the value but whether it is the same. */
  tag(kind: string, value: string): string {
    const digest = createHmac('sha256', this.#options.key).update(`${kind}\0${value}`).digest('hex');
    return `<${kind}:${digest.slice(0, 10)}>`;
  }

  event(event: RecordedEvent): RecordedEvent {
    if (this.#options.texts === 'all') return withoutCause(event);
    switch (event.kind) {
      case 'session':
        return { kind: 'session', status: event.status };
      case 'resynchronised':
      case 'interaction-ended':
      case 'exposed':
      case 'shadow-began':
        return event;
      case 'assigned': {
        const { features: _features, ...assigned } = event;
        return assigned;
      }
      case 'measured':
        return { ...event, measures: numbersIn(event.measures) };
      case 'snapshot':
        return { ...event, listed: event.listed.map((notification) => this.#notification(notification)) };
      case 'notification':
        return { ...event, notification: this.#notification(event.notification) };
      case 'interaction-began':
        return { ...event, userData: this.#userData(event.userData) };
      case 'owner': {
        const { owner } = event;
        return owner.kind === 'human'
          ? { ...event, owner: { ...owner, name: this.tag('name', owner.name) } }
          : event;
      }
      case 'operation':
        return { kind: 'operation', operation: this.#operation(event.operation) };
      case 'outcome':
        return { kind: 'outcome', outcome: this.#outcome(event.outcome), took: event.took };
      case 'would-have':
        return { ...event, operation: this.#operation(event.operation) };
      case 'problem': {
        const { kind, code, interactionId, plugin } = event;
        return {
          kind,
          code,
          message: '',
          ...(interactionId !== undefined && { interactionId }),
          ...(plugin !== undefined && { plugin }),
        };
      }
    }
  }

  #notification(notification: Notification): Notification {
    switch (notification.kind) {
      case 'interaction': {
        const { kind, interactionId, change, update, error, referenceId } = notification;
        return {
          kind,
          interactionId,
          change,
          update: this.#update(update),
          ...(error !== undefined && { error: this.tag('error', error) }),
          ...(referenceId !== undefined && { referenceId }),
        };
      }
      case 'transcript': {
        const { kind, interactionId, lines, problems } = notification;
        return {
          kind,
          interactionId,
          lines: lines.map((line) => this.line(line)),
          problems: problems.map((problem) => this.tag('problem', problem)),
        };
      }
      case 'channel':
        return notification;
      case 'unknown':
        return { kind: 'unknown', messageType: this.tag('type', notification.messageType) };
      case 'malformed':
        return { ...notification, problem: this.tag('problem', notification.problem) };
    }
  }

  #update({
    state,
    kind,
    participants,
    capabilities,
    userData,
    parentId,
  }: InteractionUpdate): InteractionUpdate {
    return {
      ...(state !== undefined && { state }),
      ...(kind !== undefined && { kind }),
      ...(participants !== undefined && { participants: participants.map((one) => this.#participant(one)) }),
      ...(capabilities !== undefined && { capabilities }),
      ...(userData !== undefined && { userData: this.#userData(userData) }),
      ...(parentId !== undefined && { parentId }),
    };
  }

  #participant(participant: Participant): Participant {
    const { id, type, nickname, userId } = participant;
    const isAgent = type === 'Agent';
    return {
      id,
      type,
      nickname: isAgent ? nickname : this.#value('name', nickname),
      ...(isAgent && userId !== undefined && { userId }),
    };
  }

  /** A line of a transcript, whatever the policy, as if it were not 'all'. */
  line({ index, type, from, text, visibility, at }: TranscriptLine): TranscriptLine {
    const { id, nickname } = this.#options.agent;
    const isOwn =
      from.type === 'Agent' && (from.userId === undefined ? from.nickname === nickname : from.userId === id);
    return {
      index,
      type,
      from: this.#participant(from),
      text: isOwn ? this.#ownText(text) : this.#othersText(text),
      visibility,
      ...(at !== undefined && { at }),
    };
  }

  #userData(userData: UserData): UserData {
    return Object.fromEntries(
      Object.entries(userData).map(([key, value]) => {
        if (value === null || typeof value === 'boolean') return [key, value];
        return [key, this.#value('data', String(value))];
      }),
    );
  }

  #operation(operation: Operation): Operation {
    const kept: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(operation)) {
      if (harmless.has(key)) kept[key] = value;
      else if (typeof value === 'string') kept[key] = this.#ownText(value);
      else if (key === 'userData') kept[key] = this.#userData(value as UserData);
      else kept[key] = this.tag(key, JSON.stringify(value));
    }
    return kept as unknown as Operation;
  }

  #outcome({
    operation,
    kind,
    reason,
    status,
    message,
    referenceId,
    reconciled,
    attempts,
  }: Outcome): Outcome {
    return {
      operation: this.#operation(operation),
      kind,
      ...(reason !== undefined && { reason }),
      ...(status !== undefined && { status }),
      ...(message !== undefined && { message: this.tag('message', message) }),
      ...(referenceId !== undefined && { referenceId }),
      ...(reconciled !== undefined && { reconciled }),
      attempts,
    };
  }

  /** What customers, and colleagues, write. */
  #othersText(text: string): string {
    return text === '' ? '' : this.#value('text', text);
  }

  /** What the agent writes: customers' values in it are tagged first, so that a greeting by name stays the same. */
  #ownText(text: string): string {
    if (text === '' || isTag(text)) return text;
    const without = this.#withoutKnown(text);
    return this.#options.texts === 'own' ? without : this.tag('text', without);
  }

  #value(kind: string, value: string): string {
    if (value === '' || isTag(value)) return value;
    const tag = this.#known.get(value) ?? this.tag(kind, value);
    this.#known.delete(value);
    this.#known.set(value, tag);
    if (this.#known.size > mostKnown) {
      const [oldest = ''] = this.#known.keys();
      this.#known.delete(oldest);
    }
    return tag;
  }

  #withoutKnown(text: string): string {
    let left = text;
    for (const value of [...this.#known.keys()].sort((a, b) => b.length - a.length)) {
      if (value.length < shortest || !left.includes(value)) continue;
      left = left.replaceAll(value, this.#known.get(value) ?? '');
    }
    return left;
  }
}

/** Members of operations that hold nothing of a customer. */
const harmless: ReadonlySet<string> = new Set([
  'name',
  'interactionId',
  'plugin',
  'once',
  'nickname',
  'typing',
  'to',
  'fromIndex',
  'audience',
  'agentId',
  'colleagueId',
  'messageType',
  'treatAs',
  'keys',
  'key',
]);

function isTag(text: string): boolean {
  return /^<[a-z]+:[0-9a-f]{10}>$/.test(text);
}

/** What was thrown may hold anything, and does not survive being written. */
function withoutCause(event: RecordedEvent): RecordedEvent {
  if (event.kind !== 'problem') return event;
  const { cause: _cause, ...rest } = event;
  return rest;
}

/** Figures say nothing of a person; a text, as a disposition, may. */
function numbersIn(measures: Measures): Measures {
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => typeof value === 'number'));
}
