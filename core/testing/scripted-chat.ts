import { EMPTY, type Observable, Subscription } from 'rxjs';
import type { InteractionKind, InteractionState, UserData } from '../model/interaction.ts';
import type { TranscriptLine } from '../model/message.ts';
import type { Operation, OperationName } from '../model/operation.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Participant } from '../model/participant.ts';
import type { Interactions } from '../streams/interactions.ts';

/** The agent in whose seat the tested plugins sit. */
export const testAgent = {
  id: 'agent-ada',
  username: 'ada',
  firstName: 'Ada',
  lastName: 'Stone',
  nickname: 'Ada',
} as const;

export const people = {
  agent: { id: 'p-ada', type: 'Agent', nickname: 'Ada', userId: 'agent-ada' },
  customer: { id: 'p-mia', type: 'Customer', nickname: 'Mia' },
  colleague: { id: 'p-cora', type: 'Agent', nickname: 'Cora', userId: 'agent-cora' },
} as const satisfies Record<string, Participant>;

/** What somebody writes; lines written before the agent joins reach it as history. */
export interface ScriptedLine {
  readonly from: keyof typeof people;
  readonly text: string;
}

export const says = (from: keyof typeof people, text: string): ScriptedLine => ({ from, text });

/** A chat of a test, described by streams. What is left out stays as it is after an invitation. */
export interface ChatScript {
  readonly id?: string;
  readonly kind?: InteractionKind;
  readonly userData?: UserData;
  readonly state$?: Observable<InteractionState>;
  readonly messages$?: Observable<ScriptedLine>;
  /** Who is in the chat; by default the agent and the customer once it is Chatting. */
  readonly participants$?: Observable<readonly (keyof typeof people)[]>;
  /** An operation that was taken fails later. */
  readonly errors$?: Observable<string>;
  /** How operations end; by default they are sent. */
  readonly outcomes?: Partial<Record<OperationName, Partial<Omit<Outcome, 'operation'>>>>;
}

const capabilitiesIn: Partial<Record<InteractionState, readonly string[]>> = {
  Invited: ['Accept', 'Reject'],
  Chatting: [
    'SendMessage',
    'SendNotification',
    'Transfer',
    'StopProcessing',
    'RequestChatHistory',
    'StartChatConsultation',
    'CompleteTransfer',
    'CompleteConference',
  ],
  LeftChat: ['StopProcessing'],
};

/** Plays a script as the notifications a server would send, into the real interaction model. */
export class ScriptedChat {
  readonly id: string;
  readonly #script: ChatScript;
  readonly #waiting: TranscriptLine[] = [];
  #interactions: Interactions | undefined;
  #index = 0;
  #joined = false;
  /** What is said in answer to the joining itself stands behind it in the transcript. */
  #joining: Pick<TranscriptLine, 'type' | 'from' | 'text'>[] | undefined;

  constructor(script: ChatScript, at: number) {
    this.id = script.id ?? `chat-${at}`;
    this.#script = script;
  }

  /** The chat is offered to the agent; closing the subscription stops the script. */
  begin(interactions: Interactions): Subscription {
    this.#interactions = interactions;
    const { state$ = EMPTY, messages$ = EMPTY, participants$ = EMPTY, errors$ = EMPTY } = this.#script;
    this.#change('Invited');
    const playing = new Subscription();
    playing.add(state$.subscribe((state) => this.#change(state)));
    playing.add(
      messages$.subscribe(({ from, text }) => this.#line({ type: 'Text', from: people[from], text })),
    );
    playing.add(
      participants$.subscribe((present) => this.#tell({ participants: present.map((who) => people[who]) })),
    );
    playing.add(errors$.subscribe((error) => this.#fail(error)));
    return playing;
  }

  /** What the server answers to an operation, and shows of it in the transcript. */
  answer(operation: Operation): Outcome {
    const outcome = {
      kind: 'sent' as const,
      attempts: 1,
      ...this.#script.outcomes?.[operation.name],
      operation,
    };
    if (outcome.kind === 'sent' && operation.name === 'sendMessage') {
      this.#line({ type: 'Text', from: people.agent, text: operation.text });
    }
    return outcome;
  }

  #change(state: InteractionState): void {
    const { kind, userData } = this.#script;
    const joins = state === 'Chatting' && !this.#joined;
    if (joins) this.#joining = [];
    this.#apply('StatusChange', {
      state,
      capabilities: capabilitiesIn[state] ?? [],
      ...(state === 'Invited' && { ...(kind && { kind }), ...(userData && { userData }) }),
    });
    if (!joins) return;
    this.#joined = true;
    if (this.#script.participants$ === undefined)
      this.#tell({ participants: [people.agent, people.customer] });
    const answers = this.#joining ?? [];
    this.#joining = undefined;
    this.#line({ type: 'ParticipantJoined', from: people.agent, text: '' });
    for (const answer of answers) this.#line(answer);
  }

  #tell(update: { participants: readonly Participant[] }): void {
    this.#apply('ParticipantsUpdated', update);
  }

  #apply(change: 'StatusChange' | 'ParticipantsUpdated', update: object): void {
    this.#interactions?.apply({ kind: 'interaction', interactionId: this.id, change, update });
  }

  #fail(error: string): void {
    this.#interactions?.apply({
      kind: 'interaction',
      interactionId: this.id,
      change: 'Error',
      update: {},
      error,
    });
  }

  #line(line: Pick<TranscriptLine, 'type' | 'from' | 'text'>): void {
    if (this.#joining !== undefined) {
      this.#joining.push(line);
      return;
    }
    this.#index += 1;
    this.#waiting.push({ ...line, index: this.#index, visibility: 'All' });
    if (!this.#joined) return;
    const lines = this.#waiting.splice(0);
    this.#interactions?.apply({ kind: 'transcript', interactionId: this.id, lines, problems: [] });
  }
}
