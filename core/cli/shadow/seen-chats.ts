import type { Recording } from '../../recording/recording.ts';
import { SeenChat } from './seen-chat.ts';

/** The bots that a recording has in the shadow of others, or in a dry run. */
export function candidatesIn({ entries }: Recording): readonly string[] {
  const names = entries.flatMap((entry) =>
    entry.kind === 'shadow-began' || (entry.kind === 'would-have' && entry.bot !== undefined)
      ? [entry.bot ?? '']
      : [],
  );
  return [...new Set(names)].sort();
}

/** The chats that a candidate saw, in their order. */
export function chatsSeenBy(candidate: string, { header, entries }: Recording): readonly SeenChat[] {
  const chats: SeenChat[] = [];
  const open = new Map<string, SeenChat>();
  const isShadow = entries.some((entry) => entry.kind === 'shadow-began' && entry.bot === candidate);
  for (const [at, entry] of entries.entries()) {
    const place = { at, t: entry.t };
    switch (entry.kind) {
      case 'interaction-began': {
        const chat = new SeenChat(entry.interactionId, header.agent, place);
        // In a dry run the candidate is the bot that takes the chat.
        chat.isSeen = !isShadow && entry.bot === candidate;
        chats.push(chat);
        open.set(entry.interactionId, chat);
        break;
      }
      case 'shadow-began': {
        const chat = open.get(entry.interactionId);
        if (chat !== undefined && entry.bot === candidate) chat.isSeen = true;
        break;
      }
      case 'notification':
        if (entry.notification.kind === 'transcript')
          open.get(entry.notification.interactionId)?.tellLines(entry.notification.lines, place);
        break;
      case 'owner':
        open.get(entry.interactionId)?.tellOwner(entry.owner, place);
        break;
      case 'outcome':
        // What the session itself asks for is no deed.
        if (entry.outcome.operation.plugin !== 'session')
          open.get(entry.outcome.operation.interactionId)?.tellOutcome(entry.outcome, entry.took, place);
        break;
      case 'would-have':
        if (entry.bot === candidate && entry.withheld === undefined)
          open.get(entry.interactionId)?.tellWould(entry.operation, place);
        break;
      default:
        break;
    }
  }
  return chats.filter(({ isSeen }) => isSeen);
}
