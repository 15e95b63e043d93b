import { asyncScheduler } from 'rxjs';
import type { InteractionKind, UserData } from '../../model/interaction.ts';
import type { Participant } from '../../model/participant.ts';
import { takeEffect } from '../server/effects.ts';
import type { ScriptedOutcomes, ScriptedServer } from '../server/scripted-server.ts';
import type { ServerChat } from '../server/server-chat.ts';
import type { Chronicle } from './chronicle.ts';

export interface JoinOptions {
  /** Default: inbound. */
  readonly kind?: InteractionKind;
  /** What the customer has written while waiting: history for the bots. Default: nothing. */
  readonly saying?: string | readonly string[];
  /** How the server ends operations of some kinds. Default: it takes them. */
  readonly outcomes?: ScriptedOutcomes;
}

/**
 * The customer of a test. What it does happens at once; what it says, and its leaving, waits until the agent is in
 * the chat. Every method returns the customer, so that one can follow the other.
 */
export class Customer {
  readonly name: string;
  /** The interaction's id. */
  readonly chatId: string;
  readonly #server: ScriptedServer;
  readonly #chronicle: Chronicle;
  readonly #userData: UserData;
  readonly #waiting: (() => void)[] = [];
  #chat: ServerChat | undefined;

  constructor(
    name: string,
    chatId: string,
    userData: UserData,
    server: ScriptedServer,
    chronicle: Chronicle,
  ) {
    this.name = name;
    this.chatId = chatId;
    this.#userData = userData;
    this.#server = server;
    this.#chronicle = chronicle;
  }

  /** The chat as the server has it; `undefined` before the customer has joined. */
  get chat(): ServerChat | undefined {
    return this.#chat;
  }

  /** Comes into the chat, which is offered to the agent. */
  joins({ kind, saying = [], outcomes }: JoinOptions = {}): this {
    if (this.#chat !== undefined) throw new Error(`${this.name} is in the chat already`);
    const customer: Participant = { id: `p-${this.chatId}`, type: 'Customer', nickname: this.name };
    const chat = this.#server.open({
      id: this.chatId,
      kind,
      userData: this.#userData,
      customer,
      outcomes,
      effect: takeEffect,
      onJoined: () => asyncScheduler.schedule(() => this.#goOn()),
    });
    this.#chat = chat;
    this.#chronicle.tell(this.name, 'joins', kind);
    for (const text of [saying].flat()) this.#say(chat, text);
    chat.invite();
    return this;
  }

  says(...texts: readonly string[]): this {
    return this.#whenHeard((chat) => {
      for (const text of texts) this.#say(chat, text);
    });
  }

  types(): this {
    return this.#whenHeard((chat) => this.#sign(chat, true));
  }

  stopsTyping(): this {
    return this.#whenHeard((chat) => this.#sign(chat, false));
  }

  leaves(): this {
    return this.#whenHeard((chat) => {
      this.#chronicle.tell(this.name, 'leaves');
      chat.say({ type: 'ParticipantLeft', from: chat.customer, text: '' });
      chat.tellPresent(chat.participants.filter(({ type }) => type !== 'Customer'));
    });
  }

  /** The server takes the invitation back, or ends the chat for the agent. */
  isTakenAway(): this {
    this.#chronicle.tell('GWS', 'takes the chat away');
    this.#chat?.change(this.#chat.hasJoined ? 'Completed' : 'Revoked');
    return this;
  }

  #whenHeard(act: (chat: ServerChat) => void): this {
    const chat = this.#chat;
    if (chat === undefined) throw new Error(`${this.name} has not joined yet: call joins() first`);
    if (chat.hasJoined && this.#waiting.length === 0) act(chat);
    else this.#waiting.push(() => act(chat));
    return this;
  }

  #goOn(): void {
    for (const act of this.#waiting.splice(0)) act();
  }

  #say(chat: ServerChat, text: string): void {
    this.#chronicle.tell(this.name, JSON.stringify(text));
    chat.say({ type: 'Text', from: chat.customer, text });
  }

  #sign(chat: ServerChat, typing: boolean): void {
    this.#chronicle.tell(this.name, typing ? 'types …' : 'stops typing');
    chat.say({ type: typing ? 'TypingStarted' : 'TypingStopped', from: chat.customer, text: '' });
  }
}
