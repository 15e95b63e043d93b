import type { OperationRequest, Target } from '../model/operation.ts';

/** An operation as a test states it: what is asked for, without who asks. */
export type ExpectedOperation = OperationRequest & { readonly chat?: string };

export const accept = (nickname = 'Ada'): ExpectedOperation => ({ name: 'accept', nickname });
export const reject = (reason?: string): ExpectedOperation => ({
  name: 'reject',
  ...(reason !== undefined && { reason }),
});
export const sendMessage = (text: string): ExpectedOperation => ({ name: 'sendMessage', text });
export const sendTyping = (typing: boolean): ExpectedOperation => ({ name: 'sendTyping', typing });
export const transfer = (to: Target): ExpectedOperation => ({ name: 'transfer', to });
export const stopProcessing = (): ExpectedOperation => ({ name: 'stopProcessing' });
export const startConsultation = (to: Target): ExpectedOperation => ({ name: 'startConsultation', to });
export const completeTransfer = (): ExpectedOperation => ({ name: 'completeTransfer' });
export const completeConference = (): ExpectedOperation => ({ name: 'completeConference' });
export const leaveConsultation = (): ExpectedOperation => ({ name: 'leaveConsultation' });

/** The operation on one of several chats. */
export const on = (chat: string, operation: ExpectedOperation): ExpectedOperation => ({ ...operation, chat });
