import type { MessageType } from '../model/message.ts';
import type { Operation, OperationName } from '../model/operation.ts';
import { isAgent } from '../model/participant.ts';
import type { Interaction } from '../ports.ts';

/**
 * How it is found out whether an operation took effect whose answer was lost. GWS has no key to tell repetitions
 * by, so:
 * - `repeat`: doing it twice is as good as doing it once; it is simply sent again.
 * - `transcript`: the agent's own line shows it.
 * - `state`: the interaction's state and participants show it.
 */
export type Evidence = 'repeat' | 'transcript' | 'state';

/** docs/reconciliation.md gives the reasons, operation by operation. */
export const evidenceOf: Readonly<Record<OperationName, Evidence>> = {
  accept: 'state',
  reject: 'state',
  sendMessage: 'transcript',
  sendTyping: 'repeat',
  transfer: 'state',
  stopProcessing: 'state',
  requestHistory: 'repeat',
  startConsultation: 'state',
  completeTransfer: 'state',
  completeConference: 'state',
  leaveConsultation: 'state',
  invite: 'state',
  leave: 'state',
  removeParticipant: 'state',
  sendToAgents: 'transcript',
  sendTypingToAgents: 'repeat',
  sendUrl: 'transcript',
  sendNotice: 'transcript',
  attachUserData: 'repeat',
  updateUserData: 'repeat',
  deleteUserData: 'repeat',
  setDisposition: 'repeat',
  setInFocus: 'repeat',
};

/** The transcript line that an operation leaves. */
export function lineOf(operation: Operation): { type: MessageType; text: string } | undefined {
  switch (operation.name) {
    case 'sendMessage':
    case 'sendToAgents':
      return { type: 'Text', text: operation.text };
    case 'sendUrl':
      return { type: 'PushUrl', text: operation.url };
    case 'sendNotice':
      return { type: 'CustomNotice', text: operation.notice };
    default:
      return undefined;
  }
}

/** Whether the interaction, brought up to date, shows that the operation took effect. */
export function showsEffect({ name }: Operation, interaction: Interaction): boolean {
  const { state } = interaction.now;
  const over = interaction.now.ended || state === 'Completed';
  switch (name) {
    case 'accept':
      return state === 'Chatting' || state === 'LeftChat' || state === 'JoinFailed';
    case 'reject':
      return over;
    case 'transfer':
    case 'completeTransfer':
    case 'stopProcessing':
      return over;
    case 'leave':
      return over || state === 'LeftChat';
    case 'startConsultation':
    case 'invite':
      return hasColleague(interaction);
    case 'leaveConsultation':
    case 'removeParticipant':
      return over || !hasColleague(interaction);
    default:
      return false;
  }
}

/**
 * Operations that show in no state while they ring or once they are done: when one is sent again and GWS finds it
 * out of place (statusCode 2), the first sending did it.
 */
export function refusalProves({ name }: Operation): boolean {
  return name === 'startConsultation' || name === 'invite' || name === 'completeConference';
}

/**
 * Whether the effect shows at once when there is one. A colleague takes time to answer, and how long a transfer
 * leaves the chat with its first agent is not known.
 */
export function showsSoon({ name }: Operation): boolean {
  return evidenceOf[name] === 'transcript' || ['accept', 'reject', 'leave', 'stopProcessing'].includes(name);
}

function hasColleague({ now, agent }: Interaction): boolean {
  return now.participants.some((participant) => participant.type === 'Agent' && !isAgent(participant, agent));
}
