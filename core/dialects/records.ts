import { z } from 'zod';
import { interactionStates } from '../model/interaction.ts';

/** A field that may be missing or null. */
const open = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/**
 * The records that all versions of GWS share, tolerant of what is missing and of fields nobody knows.
 * Source: 8.5.2 "Chat Message Type" and "Chat Resources"; 8.5.0 documents none of them.
 */
export const participantRecord = z.looseObject({
  participantId: z.union([z.string(), z.number()]).transform(String),
  type: z.enum(['Agent', 'Customer', 'External']).catch('External'),
  nickname: z.string().catch(''),
  uri: z.string().optional().catch(undefined),
  path: z.string().optional().catch(undefined),
});

export const messageRecord = z.looseObject({
  index: z.number().int().nonnegative(),
  type: z.enum([
    'Text',
    'PushUrl',
    'Notice',
    'CustomNotice',
    'ParticipantJoined',
    'ParticipantLeft',
    'ParticipantRejoined',
    'TranscriptSaveDone',
    'TypingStarted',
    'TypingStopped',
  ]),
  from: participantRecord,
  visibility: z.string().optional().catch(undefined),
  text: open(z.string()),
  url: open(z.string()),
  noticeText: open(z.string()),
  timestamp: z.string().optional().catch(undefined),
  timestampSeconds: z.number().optional().catch(undefined),
});

const scalar = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .catch(({ value }) => JSON.stringify(value) ?? null);

/** A plain object, or the list of `{key, value}` of Workspace 9. */
const userDataRecord = z.union([
  z
    .array(z.looseObject({ key: z.string(), value: scalar }))
    .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value]))),
  z.record(z.string(), scalar),
]);

export const interactionRecord = z.looseObject({
  id: z.string().min(1),
  state: open(z.enum(interactionStates as [string, ...string[]])),
  chatType: z.string().optional().catch(undefined),
  interactionType: z.string().optional().catch(undefined),
  parentInteractionId: z.string().optional().catch(undefined),
  capabilities: open(z.array(z.string())),
  participants: open(z.array(participantRecord)),
  userData: open(userDataRecord),
});

export const channelRecord = z.looseObject({
  channel: z.string(),
  userState: z.looseObject({ state: z.string() }).optional(),
});
