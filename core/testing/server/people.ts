import type { Participant } from '../../model/participant.ts';

/** The agent in whose seat the tested plugins sit. */
export const testAgent = {
  id: 'agent-ada',
  username: 'ada',
  firstName: 'Ada',
  lastName: 'Stone',
  nickname: 'Ada',
} as const;

/** Who is in the chats of tests unless they say otherwise. */
export const people = {
  agent: { id: 'p-ada', type: 'Agent', nickname: 'Ada', userId: 'agent-ada' },
  customer: { id: 'p-mia', type: 'Customer', nickname: 'Mia' },
  colleague: { id: 'p-cora', type: 'Agent', nickname: 'Cora', userId: 'agent-cora' },
} as const satisfies Record<string, Participant>;
