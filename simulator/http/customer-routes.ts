import type { FastifyInstance } from 'fastify';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Chat } from '../engine/part.ts';
import { status } from '../engine/records.ts';
import { Body } from '../wire/body.ts';
import { bases } from './server.ts';

/**
 * The web chat's side: RequestChat, SendMessage, typing, Complete, and reading state and messages. The caller
 * shows a ContactCenterId instead of a login (8.5.2 "Customer Chat API").
 */
export function addCustomerRoutes(server: FastifyInstance, centre: ContactCentre): void {
  const notFound = { statusCode: status.notFound, statusMessage: 'the chat is not found' };

  for (const base of bases) {
    server.post(`${base}/chats`, async (request) => {
      const body = new Body(request.body);
      const nickname = body.text('nickname');
      if (body.text('operationName') !== 'RequestChat') {
        return { statusCode: status.missingParameter, statusMessage: 'operationName must be RequestChat' };
      }
      if (nickname === undefined)
        return { statusCode: status.missingParameter, statusMessage: 'nickname is missing' };
      const [FirstName = nickname, ...rest] = nickname.split(' ');
      const subject = body.text('subject');
      const chat = centre.arrive({
        nickname,
        userData: {
          FirstName,
          ...(rest.length > 0 && { LastName: rest.join(' ') }),
          ...(subject !== undefined && { Subject: subject }),
        },
      });
      return { id: chat.id, statusCode: 0, path: `/api/v2/chats/${chat.id}` };
    });

    server.post<{ Params: { id: string } }>(`${base}/chats/:id`, async (request) => {
      const chat = centre.chats.get(request.params.id);
      return chat === undefined ? notFound : perform(centre, chat, new Body(request.body));
    });

    server.get<{ Params: { id: string } }>(`${base}/chats/:id`, async (request) => {
      const chat = centre.chats.get(request.params.id);
      if (chat === undefined) return notFound;
      const state = !chat.customerHere
        ? 'Completed'
        : chat.active.length > 0
          ? 'Chatting'
          : 'WaitingForAgent';
      return { chat: { id: chat.id, state, capabilities: ['SendMessage', 'Complete'] }, statusCode: 0 };
    });

    server.get<{ Params: { id: string }; Querystring: { index?: string } }>(
      `${base}/chats/:id/messages`,
      async (request) => {
        const chat = centre.chats.get(request.params.id);
        if (chat === undefined) return notFound;
        const from = Number(request.query.index ?? 0) || 0;
        const messages = chat.lines
          .filter(({ visibility, index }) => visibility === 'All' && index >= from)
          .map(({ index, type, text, from: { type: who, nickname } }) => ({
            index,
            type,
            text,
            from: { type: who, nickname },
          }));
        return { messages, statusCode: 0 };
      },
    );
  }
}

function perform(centre: ContactCentre, chat: Chat, body: Body): object {
  const operationName = body.text('operationName');
  if (!chat.customerHere) return { statusCode: status.invalidState, statusMessage: 'the chat is over' };
  switch (operationName) {
    case 'SendMessage': {
      const text = body.text('text');
      if (text === undefined)
        return { statusCode: status.missingParameter, statusMessage: 'text is missing' };
      centre.customerSays(chat, text);
      return { statusCode: 0 };
    }
    case 'SendStartTypingNotification':
    case 'SendStopTypingNotification':
      centre.customerTypes(chat, operationName === 'SendStartTypingNotification');
      return { statusCode: 0 };
    case 'Complete':
      centre.customerLeaves(chat);
      return { statusCode: 0 };
    default:
      return {
        statusCode: status.missingParameter,
        statusMessage: `operation ${operationName ?? 'without a name'} is not known`,
      };
  }
}
