import { concat, defer, filter, map, merge, Observable, of } from 'rxjs';
import type { Agent, AgentDesk, Interaction } from '../../core/index.ts';
import { ChatLines } from './chat-lines.ts';
import { timelineRow } from './chat-timeline.ts';
import { type Chronicle, chatKey } from './chronicle.ts';
import { type Discretion, nameOf, words } from './discretion.ts';
import type { ChatMessage, LineRow, TimelineRow } from './wire.ts';

/** One chat to be followed: all that is known of it, then what is added. Completes when nothing more can come. */
export function chatView(
  desk: AgentDesk,
  interactionId: string,
  chronicle: Chronicle,
  discretion: Discretion,
): Observable<ChatMessage> {
  return defer(() => {
    const key = chatKey(desk.username, interactionId);
    const lines = new ChatLines(desk.agent, discretion);
    const entries = chronicle.of(key);
    let n = 0;
    const timeline: TimelineRow[] = [];
    for (const entry of entries) {
      lines.take(entry);
      n += 1;
      const row = timelineRow(n, entry, discretion);
      if (row !== undefined) timeline.push(row);
    }
    const interaction = desk.interactions.find(({ id }) => id === interactionId);
    const first: ChatMessage = {
      full: true,
      lines: lines.all(),
      timeline,
      ...(interaction && present(interaction, desk.agent, discretion)),
    };
    const added$ = chronicle.written$.pipe(
      filter((written) => written.key === key),
      map(({ entry }): ChatMessage => {
        const fresh: readonly LineRow[] = lines.take(entry);
        n += 1;
        const row = timelineRow(n, entry, discretion);
        return { ...(fresh.length > 0 && { lines: fresh }), ...(row !== undefined && { timeline: [row] }) };
      }),
    );
    const present$ =
      interaction === undefined
        ? new Observable<ChatMessage>()
        : merge(interaction.participants$, interaction.userData$, interaction.capabilities$).pipe(
            map(() => present(interaction, desk.agent, discretion)),
          );
    return concat(of(first), merge(added$, present$));
  });
}

function present(
  { now }: Interaction,
  own: Agent | undefined,
  discretion: Discretion,
): Pick<ChatMessage, 'participants' | 'userData' | 'capabilities'> {
  return {
    participants: now.participants.map(({ nickname, type, userId }) => ({
      name: nameOf(nickname, type, discretion),
      role: userId !== undefined && userId === own?.id ? 'this agent' : type,
    })),
    userData: Object.fromEntries(
      Object.entries(now.userData).map(([key, value]) => [key, words(String(value ?? ''), discretion)]),
    ),
    ...(now.capabilities !== undefined && { capabilities: now.capabilities }),
  };
}
