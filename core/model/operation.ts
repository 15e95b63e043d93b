import type { UserData } from './interaction.ts';
import type { Visibility } from './participant.ts';

/** Whom a transfer, an invitation or a consultation goes to: a colleague by GWS user id, whoever has a skill, or a queue. */
export type Target = { readonly agentId: string } | { readonly skill: string } | { readonly queue: string };

/** How a text is to be taken by the other desktops; only some dialects can say it. */
export interface TextTags {
  /** A free tag, for instance `Greeting`. */
  readonly messageType?: string;
  /** Default: `Normal`. */
  readonly treatAs?: 'Normal' | 'System';
}

/** What to do with an interaction, in the field's verbs. A dialect knows how each is spelled on its wire. */
export type OperationRequest =
  | { readonly name: 'accept'; readonly nickname: string }
  | { readonly name: 'reject'; readonly reason?: string }
  | ({ readonly name: 'sendMessage'; readonly text: string } & TextTags)
  | { readonly name: 'sendTyping'; readonly typing: boolean }
  | ({ readonly name: 'sendToAgents'; readonly text: string } & TextTags)
  | { readonly name: 'sendTypingToAgents'; readonly typing: boolean }
  | { readonly name: 'sendUrl'; readonly url: string }
  | { readonly name: 'sendNotice'; readonly notice: string; readonly audience: Visibility }
  | { readonly name: 'transfer'; readonly to: Target; readonly farewell?: string }
  | { readonly name: 'leave'; readonly farewell?: string }
  | { readonly name: 'stopProcessing'; readonly farewell?: string }
  | { readonly name: 'requestHistory'; readonly fromIndex?: number }
  | { readonly name: 'invite'; readonly to: Target }
  | { readonly name: 'startConsultation'; readonly to: Target }
  | { readonly name: 'completeTransfer'; readonly colleagueId?: string }
  | { readonly name: 'completeConference'; readonly colleagueId?: string }
  | { readonly name: 'leaveConsultation'; readonly colleagueId?: string }
  | { readonly name: 'removeParticipant'; readonly agentId: string }
  | { readonly name: 'attachUserData'; readonly userData: UserData }
  | { readonly name: 'updateUserData'; readonly userData: UserData }
  | { readonly name: 'deleteUserData'; readonly keys: readonly string[] }
  | { readonly name: 'setDisposition'; readonly disposition: string; readonly key?: string }
  | { readonly name: 'setInFocus' };

export type OperationName = OperationRequest['name'];

/** Every operation there is; which of them a server knows is a matter of its dialect. */
export const operationNames = Object.keys({
  accept: true,
  reject: true,
  sendMessage: true,
  sendTyping: true,
  transfer: true,
  stopProcessing: true,
  requestHistory: true,
  startConsultation: true,
  completeTransfer: true,
  completeConference: true,
  leaveConsultation: true,
  invite: true,
  leave: true,
  removeParticipant: true,
  sendToAgents: true,
  sendTypingToAgents: true,
  sendUrl: true,
  sendNotice: true,
  attachUserData: true,
  updateUserData: true,
  deleteUserData: true,
  setDisposition: true,
  setInFocus: true,
} satisfies Record<OperationName, true>) as readonly OperationName[];

/** Who asks for the operation, on what, and whether it may happen again. */
interface OperationOrigin {
  readonly interactionId: string;
  /** The plugin's name. */
  readonly plugin: string;
  /** With a key, the operation takes effect at most once per interaction, whichever plugin asks. */
  readonly once?: string;
}

/** An operation is plain data: interceptors read it, hold it back, change it or let it pass. */
export type Operation = OperationRequest & OperationOrigin;

/** One kind of operation. */
export type OperationOf<Name extends OperationName> = Extract<Operation, { name: Name }>;
