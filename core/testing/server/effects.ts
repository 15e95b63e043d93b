import type { Operation } from '../../model/operation.ts';
import type { Participant } from '../../model/participant.ts';
import { people } from './people.ts';
import type { SaidLine, ServerChat } from './server-chat.ts';

/** The line that an operation of the agent leaves in the transcript, if it leaves one. */
function lineOf(operation: Operation): SaidLine | undefined {
  const from = people.agent;
  switch (operation.name) {
    case 'sendMessage':
      return { type: 'Text', from, text: operation.text };
    case 'sendToAgents':
      return { type: 'Text', from, text: operation.text, visibility: 'Agents' };
    case 'sendUrl':
      return { type: 'PushUrl', from, text: operation.url };
    case 'sendNotice':
      return { type: 'CustomNotice', from, text: operation.notice, visibility: operation.audience };
    case 'sendTyping':
      return { type: operation.typing ? 'TypingStarted' : 'TypingStopped', from, text: '' };
    default:
      return undefined;
  }
}

/** What GWS does with a chat when it has taken an operation of the agent. Whom it asks in answers by itself. */
export function takeEffect(operation: Operation, chat: ServerChat): void {
  const line = lineOf(operation);
  if (line !== undefined) return chat.say(line);
  const { farewell } = operation as { farewell?: string };
  if (farewell !== undefined) chat.say({ type: 'Text', from: people.agent, text: farewell });
  switch (operation.name) {
    case 'accept':
      return chat.change('Chatting', [people.agent, chat.customer]);
    case 'reject':
      return chat.change('Revoked');
    case 'transfer':
    case 'completeTransfer':
    case 'stopProcessing':
      return chat.change('Completed');
    case 'leave':
      return chat.change('LeftChat');
    case 'leaveConsultation':
    case 'removeParticipant':
      return chat.tellPresent(chat.participants.filter((one) => !isColleague(one)));
    case 'attachUserData':
    case 'updateUserData':
      return chat.tellUserData({ ...chat.listed.update.userData, ...operation.userData });
    case 'deleteUserData': {
      const { userData = {} } = chat.listed.update;
      const kept = Object.entries(userData).filter(([key]) => !operation.keys.includes(key));
      return chat.tellUserData(Object.fromEntries(kept));
    }
    default:
      return;
  }
}

function isColleague({ type, id }: Participant): boolean {
  return type === 'Agent' && id !== people.agent.id;
}
