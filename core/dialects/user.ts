import { z } from 'zod';
import type { Notification } from '../model/notification.ts';
import type { Me } from './dialect.ts';
import { decodeInteraction } from './events.ts';

const userBody = z.looseObject({
  user: z.looseObject({
    id: z.string().min(1),
    firstName: z.string().catch(''),
    lastName: z.string().catch(''),
    interactions: z.array(z.looseObject({})).optional().catch(undefined),
    chats: z.array(z.looseObject({})).optional().catch(undefined),
  }),
});

/** Reads `GET /me?subresources=*` (8.5.0 "Query Agent State"; the shape from a dump of 8.5.2). */
export function decodeMe(body: unknown): Me | undefined {
  const parsed = userBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { id, firstName, lastName, interactions, chats } = parsed.data.user;
  const open =
    interactions === undefined && chats === undefined
      ? undefined
      : [...(interactions ?? []), ...(chats ?? [])];
  return { id, firstName, lastName, interactions: open?.map((entry) => decodeInteraction(entry)) };
}

const chatsBody = z.looseObject({ chats: z.array(z.looseObject({})) });

/** Reads `GET /me/chats?fields=*` (8.5.2 "Chat Resources"); without `fields` it would be addresses only. */
export function decodeChats(body: unknown): readonly Notification[] | undefined {
  const parsed = chatsBody.safeParse(body);
  return parsed.success ? parsed.data.chats.map((entry) => decodeInteraction(entry)) : undefined;
}
