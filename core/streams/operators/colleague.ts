import { filter, map, type Observable, take } from 'rxjs';
import type { Message } from '../../model/message.ts';
import { isAgent, type Participant } from '../../model/participant.ts';
import type { Interaction } from '../../ports.ts';

/** Emits once, when an agent other than this one is in the chat: a consultant, or the party of a conference. */
export function colleagueJoined(interaction: Interaction): Observable<Participant> {
  return interaction.participants$.pipe(
    map((participants) =>
      participants.find(
        (participant) => participant.type === 'Agent' && !isAgent(participant, interaction.agent),
      ),
    ),
    filter((colleague) => colleague !== undefined),
    take(1),
  );
}

/**
 * Emits once, when another agent says something to the customer: from then on a human has the word, also when
 * that was before the process was started again.
 */
export function colleagueSpeaks(interaction: Interaction): Observable<Message> {
  return interaction.messages$.pipe(
    filter(({ type, from, own, visibility, history, replayed }) => {
      const isOfOwnTime = !history || replayed;
      return type === 'Text' && from.type === 'Agent' && !own && isOfOwnTime && visibility === 'All';
    }),
    take(1),
  );
}
