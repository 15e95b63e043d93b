import type { UserData } from './records.ts';

/** Whom a transfer, a consultation or a conference goes to. */
export type Destination = { readonly agentId: string } | { readonly skill: string };

/** A last line to the customer that rides on another operation. */
export interface Farewell {
  readonly text: string;
  readonly messageType?: string;
}

/** What an agent asks for, whatever it is called on the wire. */
export type Command =
  | { readonly intent: 'accept'; readonly nickname: string }
  | {
      readonly intent: 'sendMessage' | 'sendToAgents';
      readonly text: string;
      readonly messageType?: string;
    }
  | { readonly intent: 'sendTyping' | 'sendTypingToAgents'; readonly typing: boolean }
  | { readonly intent: 'sendUrl'; readonly url: string }
  | { readonly intent: 'sendNotice' | 'sendNoticeToAgents'; readonly noticeText: string }
  | { readonly intent: 'transfer'; readonly to: Destination; readonly farewell?: Farewell | undefined }
  | { readonly intent: 'consult' | 'invite'; readonly to: Destination }
  | {
      readonly intent: 'removeParticipant';
      readonly agentId: string;
      readonly farewell?: Farewell | undefined;
    }
  | { readonly intent: 'history'; readonly fromIndex: number }
  | { readonly intent: 'userData'; readonly set?: UserData; readonly remove?: readonly string[] }
  | { readonly intent: 'setDisposition'; readonly key: string; readonly disposition: string }
  | {
      readonly intent: 'finish';
      readonly farewell?: Farewell | undefined;
      /** The chat goes on in the queue of a skill. */
      readonly to?: { readonly skill: string };
    }
  | { readonly intent: 'leave' | 'leaveConference'; readonly farewell?: Farewell | undefined }
  | {
      readonly intent:
        | 'reject'
        | 'completeTransfer'
        | 'completeConference'
        | 'leaveConsultation'
        | 'setInFocus';
    };
