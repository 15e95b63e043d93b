import type { Operation, Target } from '../../model/operation.ts';
import { dim, green } from './colours.ts';

/** What an operation that was sent looks like to a bystander; `undefined` for what nobody would notice. */
export function deedOf(operation: Operation, words: (text: string) => string): string | undefined {
  switch (operation.name) {
    case 'accept':
      return green('accepts the chat');
    case 'reject':
      return `rejects the chat${operation.reason === undefined ? '' : ` (${operation.reason})`}`;
    case 'sendMessage':
      return words(operation.text);
    case 'sendToAgents':
      return `${words(operation.text)}${dim(' (to agents only)')}`;
    case 'sendTyping':
      return operation.typing ? dim('is typing …') : undefined;
    case 'sendUrl':
      return `shows ${words(operation.url)}`;
    case 'transfer':
      return green(`transfers the chat to ${named(operation.to)}`);
    case 'invite':
      return green(`invites ${named(operation.to)} into the chat`);
    case 'startConsultation':
      return green(`consults ${named(operation.to)}`);
    case 'completeTransfer':
      return green('hands the chat over to the colleague');
    case 'completeConference':
      return green('brings the colleague into the chat');
    case 'leaveConsultation':
      return 'ends the consultation';
    case 'removeParticipant':
      return 'sends a colleague out of the chat';
    case 'leave':
      return green('leaves the chat');
    case 'stopProcessing':
      return green('finishes');
    case 'setDisposition':
      return 'sets the disposition';
    case 'attachUserData':
    case 'updateUserData':
    case 'deleteUserData':
      return 'changes the user data';
    case 'sendNotice':
    case 'sendTypingToAgents':
    case 'requestHistory':
    case 'setInFocus':
      return undefined;
  }
}

export function named(to: Target): string {
  if ('agentId' in to) return 'a colleague';
  return 'skill' in to ? `skill ${to.skill}` : `queue ${to.queue}`;
}
