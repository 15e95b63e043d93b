import { EMPTY, type Observable, Subscription } from 'rxjs';
import type { InteractionKind, InteractionState, UserData } from '../model/interaction.ts';
import type { OperationName } from '../model/operation.ts';
import { takeEffect } from './server/effects.ts';
import { people } from './server/people.ts';
import type { ScriptedOutcomes, ScriptedServer } from './server/scripted-server.ts';

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
  readonly outcomes?: ScriptedOutcomes;
}

/** Plays a script of streams as the server's side of one chat. */
export class MarbleChat {
  readonly id: string;
  readonly #script: ChatScript;

  constructor(script: ChatScript, at: number) {
    this.id = script.id ?? `chat-${at}`;
    this.#script = script;
  }

  /** The chat is offered to the agent; closing the subscription stops the script. */
  begin(server: ScriptedServer): Subscription {
    const { state$ = EMPTY, messages$ = EMPTY, participants$, errors$ = EMPTY } = this.#script;
    const { kind, userData, outcomes } = this.#script;
    const chat = server.open({
      id: this.id,
      kind,
      userData,
      outcomes,
      effect: (operation, taken) => {
        if (this.#script.state$ === undefined || !toldByStreams.has(operation.name))
          takeEffect(operation, taken);
      },
    });
    const present = participants$ === undefined ? [people.agent, people.customer] : undefined;
    chat.invite();
    const playing = new Subscription();
    playing.add(state$.subscribe((state) => chat.change(state, present)));
    playing.add(
      messages$.subscribe(({ from, text }) => chat.say({ type: 'Text', from: people[from], text })),
    );
    playing.add(participants$?.subscribe((there) => chat.tellPresent(there.map((who) => people[who]))));
    playing.add(errors$.subscribe((error) => chat.fail(error)));
    return playing;
  }
}

/** What comes of these takes its time: where a script tells of states, it tells of theirs. */
const toldByStreams: ReadonlySet<OperationName> = new Set(['accept', 'transfer', 'completeTransfer']);
