/** `External` is a system or another robot in the chat. */
export type ParticipantType = 'Agent' | 'Customer' | 'External';

/** Who may see a participant or a transcript line; `Agents` hides it from the customer. */
export type Visibility = 'All' | 'Agents';

/** Somebody in a chat. One person may be in it twice, with different ids, while a consultation runs. */
export interface Participant {
  /** Unique within the chat. */
  readonly id: string;
  readonly type: ParticipantType;
  readonly nickname: string;
  /** The GWS user behind an agent, where the notification names it. */
  readonly userId?: string;
}

/** Whether this participant is the agent itself: by user id where GWS tells it, else by nickname. */
export function isAgent(participant: Participant, agent: { id: string; nickname: string }): boolean {
  if (participant.type !== 'Agent') return false;
  return participant.userId === undefined
    ? participant.nickname === agent.nickname
    : participant.userId === agent.id;
}
