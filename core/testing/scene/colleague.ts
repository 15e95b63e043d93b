import type { Participant } from '../../model/participant.ts';
import { people } from '../server/people.ts';
import type { ServerChat } from '../server/server-chat.ts';
import type { Chronicle } from './chronicle.ts';

/** Who has the word in a chat, in the hands of those who run Usher. */
export interface Word {
  takeOver(interactionId: string, name: string): void;
  giveBack(interactionId: string): void;
}

/** A human colleague whom the agent asks in. */
export class Colleague {
  readonly name: string;
  readonly #chat: () => ServerChat;
  readonly #chronicle: Chronicle;
  readonly #word: Word;

  /** `chat`: the one that the colleague is asked into. */
  constructor(name: string, chat: () => ServerChat, chronicle: Chronicle, word: Word) {
    this.name = name;
    this.#chat = chat;
    this.#chronicle = chronicle;
    this.#word = word;
  }

  /** Comes into the chat when asked. */
  accepts(): this {
    const chat = this.#chat();
    this.#chronicle.tell(this.name, 'accepts');
    chat.tellPresent([...chat.participants, this.#self]);
    return this;
  }

  /** The server tells that the request came to nothing. */
  refuses(): this {
    this.#chronicle.tell(this.name, 'refuses');
    this.#chat().fail('the colleague refused');
    return this;
  }

  /** Says something to everybody, or to the agents only. */
  says(text: string, { toAgents = false }: { readonly toAgents?: boolean } = {}): this {
    this.#chronicle.tell(this.name, JSON.stringify(text), toAgents ? 'to agents' : undefined);
    this.#chat().say({
      type: 'Text',
      from: this.#self,
      text,
      visibility: toAgents ? 'Agents' : 'All',
    });
    return this;
  }

  /** Comes into the chat unasked, before the customer's eyes. */
  joins(): this {
    this.#chat().say({ type: 'ParticipantJoined', from: this.#self, text: '' });
    return this.accepts();
  }

  /** Takes the word in the chat through Usher, without being in it. */
  takesOver(): this {
    this.#chronicle.tell(this.name, 'takes over');
    this.#word.takeOver(this.#chat().id, this.name);
    return this;
  }

  givesBack(): this {
    this.#chronicle.tell(this.name, 'gives back');
    this.#word.giveBack(this.#chat().id);
    return this;
  }

  leaves(): this {
    const chat = this.#chat();
    this.#chronicle.tell(this.name, 'leaves');
    chat.tellPresent(chat.participants.filter(({ id }) => id !== this.#self.id));
    return this;
  }

  get #self(): Participant {
    return { ...people.colleague, nickname: this.name };
  }
}
