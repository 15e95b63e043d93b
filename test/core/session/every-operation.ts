import type { Observable } from 'rxjs';
import type { OperationName, Operations, Outcome } from 'usher-bots';

type Ask = (operations: Operations, once?: { readonly once: string }) => Observable<Outcome>;

/** Each operation that there is, as a plugin asks for it; what it says holds the mark. */
export const everyOperation = (mark: string): Readonly<Record<OperationName, Ask>> => ({
  accept: (operations, once) => operations.accept({ nickname: mark, ...once }),
  reject: (operations, once) => operations.reject({ reason: mark, ...once }),
  sendMessage: (operations, once) => operations.sendMessage(mark, once),
  sendTyping: (operations, once) => operations.sendTyping(true, once),
  transfer: (operations, once) => operations.transfer({ skill: mark }, { farewell: mark, ...once }),
  stopProcessing: (operations, once) => operations.stopProcessing({ farewell: mark, ...once }),
  requestHistory: (operations, once) => operations.requestHistory({ fromIndex: 7, ...once }),
  startConsultation: (operations, once) => operations.startConsultation({ agentId: mark }, once),
  completeTransfer: (operations, once) => operations.completeTransfer({ colleagueId: mark, ...once }),
  completeConference: (operations, once) => operations.completeConference({ colleagueId: mark, ...once }),
  leaveConsultation: (operations, once) => operations.leaveConsultation({ colleagueId: mark, ...once }),
  invite: (operations, once) => operations.invite({ agentId: mark }, once),
  leave: (operations, once) => operations.leave({ farewell: mark, ...once }),
  removeParticipant: (operations, once) => operations.removeParticipant(mark, once),
  sendToAgents: (operations, once) => operations.sendToAgents(mark, once),
  sendTypingToAgents: (operations, once) => operations.sendTypingToAgents(true, once),
  sendUrl: (operations, once) => operations.sendUrl(`https://example.com/${mark}`, once),
  sendNotice: (operations, once) => operations.sendNotice(mark, once),
  attachUserData: (operations, once) => operations.attachUserData({ [mark]: '1' }, once),
  updateUserData: (operations, once) => operations.updateUserData({ [mark]: '1' }, once),
  deleteUserData: (operations, once) => operations.deleteUserData([mark], once),
  setDisposition: (operations, once) => operations.setDisposition(mark, once),
  setInFocus: (operations, once) => operations.setInFocus(once),
});
