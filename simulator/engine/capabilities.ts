import type { Intent, PartState } from './records.ts';

/** What of a part decides on what its agent may do. */
interface Situation {
  readonly state: PartState;
  readonly parent: unknown;
  readonly consultation: unknown;
  readonly chat: { readonly customerHere: boolean; readonly active: readonly { readonly parent: unknown }[] };
}

/** What is left to do once the talking is over (8.5.2, state JoinFailed). */
const afterwards: readonly Intent[] = ['finish', 'setInFocus', 'setDisposition', 'userData'];

const talking: readonly Intent[] = ['sendMessage', 'sendTyping', 'history', 'finish', 'leave', 'setInFocus'];

const leading: readonly Intent[] = [
  'sendUrl',
  'sendNotice',
  'transfer',
  'consult',
  'invite',
  'setDisposition',
  'userData',
];

const amongAgents: readonly Intent[] = ['sendToAgents', 'sendTypingToAgents', 'sendNoticeToAgents'];

/** What an agent may do now (8.5.2 "Chat Resources" and "Consult"; for 8.5.0 and 8.5.1 an inference). */
export function capabilitiesOf(part: Situation): readonly Intent[] {
  const { chat, state, parent, consultation } = part;
  if (state === 'Invited') return ['accept', 'reject'];
  if (state === 'LeftChat' || state === 'JoinFailed') return afterwards;
  if (state !== 'Chatting') return [];
  if (!chat.customerHere) return [...afterwards, 'leave', 'history'];
  if (parent !== undefined) return [...talking, ...amongAgents, 'leaveConsultation'];
  const others = chat.active.filter((other) => other !== part);
  const inConference = others.some((other) => other.parent === undefined);
  return [
    ...talking,
    ...leading,
    ...(others.length > 0 ? [...amongAgents, 'removeParticipant' as const] : []),
    ...(inConference ? (['leaveConference'] as const) : []),
    ...(consultation !== undefined
      ? (['completeTransfer', 'completeConference', 'leaveConsultation'] as const)
      : []),
  ];
}
