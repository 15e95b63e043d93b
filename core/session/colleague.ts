import { isAgent } from '../model/participant.ts';
import type { Interaction } from '../ports.ts';

/**
 * The GWS user id of the colleague in the running consultation: the agent who came last. Whoever is consulted
 * means its own part and has none.
 */
export function colleagueIn(interaction: Interaction | undefined): string | undefined {
  if (interaction === undefined || interaction.kind === 'consultation') return undefined;
  const { agent, now } = interaction;
  return now.participants.findLast(
    (participant) => participant.type === 'Agent' && !isAgent(participant, agent),
  )?.userId;
}
