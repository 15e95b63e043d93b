/** Whom a transfer or a consultation goes to: a colleague by GWS user id, or whoever has a skill. */
export type Target = { readonly agentId: string } | { readonly skill: string };

/** What to do with an interaction, in the field's verbs. A dialect knows how each is spelled on its wire. */
export type OperationRequest =
  | { readonly name: 'accept'; readonly nickname: string }
  | { readonly name: 'reject'; readonly reason?: string }
  | { readonly name: 'sendMessage'; readonly text: string }
  | { readonly name: 'sendTyping'; readonly typing: boolean }
  | { readonly name: 'transfer'; readonly to: Target }
  | { readonly name: 'stopProcessing' }
  | { readonly name: 'requestHistory'; readonly fromIndex?: number }
  | { readonly name: 'startConsultation'; readonly to: Target }
  | { readonly name: 'completeTransfer' }
  | { readonly name: 'completeConference' }
  | { readonly name: 'leaveConsultation' };

export type OperationName = OperationRequest['name'];

export const operationNames: readonly OperationName[] = [
  'accept',
  'reject',
  'sendMessage',
  'sendTyping',
  'transfer',
  'stopProcessing',
  'requestHistory',
  'startConsultation',
  'completeTransfer',
  'completeConference',
  'leaveConsultation',
];

/** Who asks for the operation, on what, and whether it may happen again. */
export interface OperationOrigin {
  readonly interactionId: string;
  /** The plugin's name. */
  readonly plugin: string;
  /** With a key, the operation takes effect at most once per interaction, whichever plugin asks. */
  readonly once?: string;
}

/** An operation is plain data: interceptors read it, hold it back, change it or let it pass. */
export type Operation = OperationRequest & OperationOrigin;
