import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Chat } from '../engine/part.ts';
import { status } from '../engine/records.ts';
import { Body } from '../wire/body.ts';

const notFound = { statusCode: status.notFound, statusMessage: 'the chat is not found' };
const missing = (statusMessage: string): object => ({ statusCode: status.missingParameter, statusMessage });

/**
 * The web chat's side: RequestChat, SendMessage, typing, Complete, and reading state and messages. The caller
 * shows a ContactCenterId instead of a login (8.5.2 "Customer Chat API").
 */
export class CustomerCalls {
  readonly #centre: ContactCentre;

  constructor(centre: ContactCentre) {
    this.#centre = centre;
  }

  request(members: unknown): object {
    const body = new Body(members);
    if (body.text('operationName') !== 'RequestChat') return missing('operationName must be RequestChat');
    const nickname = body.text('nickname');
    if (nickname === undefined) return missing('nickname is missing');
    const [FirstName = nickname, ...rest] = nickname.split(' ');
    const subject = body.text('subject');
    const userData = body.userData('userData');
    const chat = this.#centre.arrive({
      nickname,
      userData: {
        FirstName,
        ...(rest.length > 0 && { LastName: rest.join(' ') }),
        ...(subject !== undefined && { Subject: subject }),
        ...userData,
      },
    });
    return { id: chat.id, statusCode: 0, path: `/api/v2/chats/${chat.id}` };
  }

  operate(id: string, members: unknown): object {
    const chat = this.#centre.chats.get(id);
    if (chat === undefined) return notFound;
    if (!chat.customerHere) return { statusCode: status.invalidState, statusMessage: 'the chat is over' };
    return this.#perform(chat, new Body(members));
  }

  state(id: string): object {
    const chat = this.#centre.chats.get(id);
    if (chat === undefined) return notFound;
    const state = !chat.customerHere ? 'Completed' : chat.active.length > 0 ? 'Chatting' : 'WaitingForAgent';
    return { chat: { id: chat.id, state, capabilities: ['SendMessage', 'Complete'] }, statusCode: 0 };
  }

  /** What the customer may see, from an index on. */
  messages(id: string, from: number): object {
    const chat = this.#centre.chats.get(id);
    if (chat === undefined) return notFound;
    const messages = chat.lines
      .filter(({ visibility, index }) => visibility === 'All' && index >= from)
      .map(({ index, type, text, url, noticeText, from: { type: who, nickname } }) => ({
        index,
        type,
        text,
        url,
        noticeText,
        from: { type: who, nickname },
      }));
    return { messages, statusCode: 0 };
  }

  #perform(chat: Chat, body: Body): object {
    const operationName = body.text('operationName');
    switch (operationName) {
      case 'SendMessage': {
        const text = body.text('text');
        if (text === undefined) return missing('text is missing');
        this.#centre.customerSays(chat, text);
        return { statusCode: 0 };
      }
      case 'SendStartTypingNotification':
      case 'SendStopTypingNotification':
        this.#centre.customerTypes(chat, operationName === 'SendStartTypingNotification');
        return { statusCode: 0 };
      case 'Complete':
        this.#centre.customerLeaves(chat);
        return { statusCode: 0 };
      default:
        return missing(`operation ${operationName ?? 'without a name'} is not known`);
    }
  }
}
