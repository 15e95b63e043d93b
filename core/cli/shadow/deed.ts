import type { Operation, OperationRequest } from '../../model/operation.ts';
import { operationText } from '../../testing/operation-text.ts';

/** What was done in a chat, or would have been, as far as it matters whether it is the same. */
export interface Deed {
  readonly kind: 'says' | 'hands-off' | 'other';
  readonly text: string;
  /** Its place among the entries of the recording. */
  readonly at: number;
  /** Milliseconds since the recording began. */
  readonly t: number;
}

/** `undefined` for signs of typing, for reading, and for what depends on a colleague who is never asked. */
export function deedOf(operation: Operation, at: number, t: number): Deed | undefined {
  const { interactionId: _id, plugin: _plugin, once: _once, ...request } = operation;
  const [kind, text] = meaningOf(request as OperationRequest) ?? [];
  return kind === undefined || text === undefined ? undefined : { kind, text: folded(text), at, t };
}

/** Servers may trim a text and fold its blanks. */
export function folded(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function meaningOf(request: OperationRequest): readonly [Deed['kind'], string] | undefined {
  switch (request.name) {
    case 'sendMessage':
      return ['says', request.text];
    case 'sendUrl':
      return ['says', request.url];
    case 'transfer':
    case 'invite':
    case 'startConsultation':
      return ['hands-off', operationText({ name: request.name, to: request.to })];
    case 'accept':
    case 'reject':
    case 'leave':
    case 'stopProcessing':
    case 'sendToAgents':
    case 'attachUserData':
    case 'updateUserData':
    case 'deleteUserData':
    case 'setDisposition':
      return ['other', operationText(request)];
    case 'sendTyping':
    case 'sendTypingToAgents':
    case 'sendNotice':
    case 'requestHistory':
    case 'setInFocus':
    case 'completeTransfer':
    case 'completeConference':
    case 'leaveConsultation':
    case 'removeParticipant':
      return undefined;
  }
}
