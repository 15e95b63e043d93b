import { stringify } from 'yaml';
import type { Agent } from '../model/agent.ts';
import type { JournalEntry } from '../model/journal-entry.ts';
import type { TranscriptLine } from '../model/message.ts';
import type { Operation } from '../model/operation.ts';
import { hasLeft } from '../model/outcome.ts';
import type { Participant } from '../model/participant.ts';
import { type RecordedEntry, type Recording, recordingVersion } from './recording.ts';

/** Milliseconds from one thing to the next that are worth a step. */
const notable = 1_000;

/** The interactions of a recording that a scenario can be made of, in their order. */
export function interactionsIn({ entries }: Recording): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === 'interaction-began' ? [entry.interactionId] : []));
}

/** What was seen of one chat, in its journal entries, as a scenario file. */
export function scenarioOf(agent: Agent, interactionId: string, entries: readonly JournalEntry[]): string {
  const at = entries[0]?.at ?? 0;
  const header = { format: 'usher-recording', version: recordingVersion, agent, texts: 'all', at } as const;
  const recorded = entries.map(({ at: time, agent: _agent, ...event }) => ({ ...event, t: time - at }));
  return toScenario({ header, entries: recorded as readonly RecordedEntry[] }, interactionId);
}

/** One chat of a recording as a scenario file: what the customer did, and what the bots did then. */
export function toScenario({ header, entries }: Recording, interactionId: string): string {
  const own = entries.filter((entry) => isAbout(entry, interactionId));
  const began = own.find((entry) => entry.kind === 'interaction-began');
  const steps: object[] = [];
  const writer = new StepWriter(header.agent.id, header.agent.nickname, steps);
  for (const entry of inOrder(own)) writer.take(entry);
  const scenario = {
    name: `chat ${interactionId} of ${new Date(header.at).toISOString().slice(0, 10)}`,
    customer: { name: writer.customer ?? 'Mia', userData: began?.userData ?? {} },
    steps: ['invite', ...steps],
  };
  const lead = '# yaml-language-server: $schema=./node_modules/usher-bots/docs/scenario.schema.json\n';
  return `${lead}${stringify(scenario, { lineWidth: 110 })}`;
}

function isAbout(entry: RecordedEntry, id: string): boolean {
  switch (entry.kind) {
    case 'notification':
      return 'interactionId' in entry.notification && entry.notification.interactionId === id;
    case 'outcome':
      return entry.outcome.operation.interactionId === id;
    case 'interaction-began':
    case 'interaction-ended':
      return entry.interactionId === id;
    default:
      return false;
  }
}

/** Lines as the bots were told of them: by their index, each once, and none before those it had overtaken. */
function inOrder(entries: readonly RecordedEntry[]): readonly RecordedEntry[] {
  const lines = new Map<number, { readonly line: TranscriptLine; readonly t: number }>();
  const others: RecordedEntry[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'notification' || entry.notification.kind !== 'transcript') others.push(entry);
    else
      for (const line of entry.notification.lines) {
        if (!lines.has(line.index)) lines.set(line.index, { line, t: entry.t });
      }
  }
  let latest = 0;
  const told = [...lines.entries()]
    .sort(([one], [other]) => one - other)
    .map(([, { line, t }]): RecordedEntry => {
      latest = Math.max(latest, t);
      const notification = { kind: 'transcript' as const, interactionId: '', lines: [line], problems: [] };
      return { t: latest, kind: 'notification', topic: '', notification };
    });
  return [...told, ...others].sort((one, other) => one.t - other.t);
}

class StepWriter {
  customer: string | undefined;
  readonly #agent: { readonly id: string; readonly nickname: string };
  readonly #steps: object[];
  #last: number | undefined;
  #wasHere = false;
  #hasLeft = false;
  readonly #colleagues = new Set<string>();

  constructor(id: string, nickname: string, steps: object[]) {
    this.#agent = { id, nickname };
    this.#steps = steps;
  }

  take(entry: RecordedEntry): void {
    if (entry.kind === 'outcome' && hasLeft(entry.outcome)) {
      const expectation = expectationOf(entry.outcome.operation);
      if (expectation !== undefined) this.#write({ expect: expectation }, entry.t, false);
    }
    if (entry.kind !== 'notification') return;
    const { notification } = entry;
    if (notification.kind === 'transcript') {
      for (const { type, from, text, visibility } of notification.lines) {
        if (from.type === 'Customer') this.#takeCustomer(type, text, from, entry.t);
        else if (type === 'Text' && this.#isColleague(from))
          this.#write({ colleague: { says: text, toAgents: visibility === 'Agents' } }, entry.t);
      }
    }
    if (notification.kind === 'interaction')
      this.#takePresent(notification.update.participants ?? [], entry.t);
  }

  #takeCustomer(type: string, text: string, { nickname }: Participant, t: number): void {
    this.customer ??= nickname;
    if (type === 'Text') this.#write({ customer: { says: text } }, t);
    if (type === 'TypingStarted') this.#write({ customer: { types: true } }, t);
    if (type === 'ParticipantLeft') this.#leave(t);
  }

  /** Told by the transcript, by the participants, or by both. */
  #leave(t: number): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#write({ customer: 'leaves' }, t);
  }

  #takePresent(participants: readonly Participant[], t: number): void {
    const isHere = participants.some(({ type }) => type === 'Customer');
    if (this.#wasHere && participants.length > 0 && !isHere) this.#leave(t);
    this.#wasHere ||= isHere;
    for (const participant of participants) {
      if (!this.#isColleague(participant) || this.#colleagues.has(participant.id)) continue;
      this.#colleagues.add(participant.id);
      this.#write({ colleague: 'accepts' }, t);
    }
  }

  #isColleague({ type, userId, nickname }: Participant): boolean {
    if (type !== 'Agent') return false;
    return userId === undefined ? nickname !== this.#agent.nickname : userId !== this.#agent.id;
  }

  /** What is expected takes its own time; everything else happens when it did. */
  #write(step: object, t: number, isTimed = true): void {
    const pause = t - (this.#last ?? t);
    if (isTimed && pause >= notable) this.#steps.push({ wait: `${Math.round(pause / 100) / 10}s` });
    this.#last = t;
    this.#steps.push(step);
  }
}

function expectationOf(operation: Operation): object | undefined {
  switch (operation.name) {
    case 'accept':
      return { accept: true };
    case 'reject':
      return { reject: true };
    case 'sendMessage':
      return { say: operation.text };
    case 'startConsultation':
      return { consult: operation.to };
    case 'transfer':
      return { transfer: operation.to };
    case 'completeTransfer':
      return { transfer: true };
    case 'stopProcessing':
    case 'leave':
      return { leave: true };
    default:
      return undefined;
  }
}
