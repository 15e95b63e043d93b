import type { Operation } from '../../model/operation.ts';
import { dim, green } from './colours.ts';
import { named } from './deed.ts';

/** What an operation that stays here would have been, behind “would”; `undefined` for what nobody would notice. */
export function intentOf(operation: Operation, words: (text: string) => string): string | undefined {
  switch (operation.name) {
    case 'accept':
      return green('accept the chat');
    case 'reject':
      return 'reject the chat';
    case 'sendMessage':
      return `say ${words(operation.text)}`;
    case 'sendToAgents':
      return `say ${words(operation.text)}${dim(' (to agents only)')}`;
    case 'sendUrl':
      return `show ${words(operation.url)}`;
    case 'transfer':
      return green(`transfer the chat to ${named(operation.to)}`);
    case 'invite':
      return green(`invite ${named(operation.to)} into the chat`);
    case 'startConsultation':
      return green(`consult ${named(operation.to)}`);
    case 'completeTransfer':
      return green('hand the chat over to the colleague');
    case 'completeConference':
      return green('bring the colleague into the chat');
    case 'leaveConsultation':
      return 'end the consultation';
    case 'removeParticipant':
      return 'send a colleague out of the chat';
    case 'leave':
      return green('leave the chat');
    case 'stopProcessing':
      return green('finish');
    case 'setDisposition':
      return 'set the disposition';
    case 'attachUserData':
    case 'updateUserData':
    case 'deleteUserData':
      return 'change the user data';
    case 'sendNotice':
      return 'send a notice';
    case 'requestHistory':
      return 'read the transcript';
    case 'setInFocus':
      return 'set the chat in focus';
    case 'sendTyping':
    case 'sendTypingToAgents':
      return undefined;
  }
}
