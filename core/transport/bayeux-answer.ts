import type { Message } from 'cometd';

/** The reason of a reply that was never given. */
const missing = 'the server gave no reply to it';

/**
 * The messages of one server's answer, such that the library can bear them. What it cannot read stops it for
 * good: it waits for ever for a reply that is missing, or that does not name its request.
 *
 * @param sent The messages that were sent and are to be answered; `undefined` where replies may come later.
 * @returns `undefined` if the text is not Bayeux at all.
 */
export function readAnswer(text: string, sent?: readonly Message[]): Message[] | undefined {
  const read = parse(text);
  if (!Array.isArray(read)) return undefined;
  const messages = read.filter(isMessage).map(bearable);
  for (const request of sent ?? []) answer(request, messages);
  return messages;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  return (
    typeof value === 'object' && value !== null && 'channel' in value && typeof value.channel === 'string'
  );
}

function bearable(message: Message): Message {
  if (!message.channel.startsWith('/meta/')) return message;
  const { successful } = message as { successful?: unknown };
  // The library takes anything truthy for success, and then goes on as if all were well.
  const reply = { ...message, successful: successful === true || successful === 'true' };
  if (message.channel !== '/meta/handshake') return reply;
  const { supportedConnectionTypes: types } = message;
  return {
    ...reply,
    supportedConnectionTypes: Array.isArray(types) ? types : ['long-polling'],
    // It would not poll before it has counted so many messages.
    'x-messages': 0,
  };
}

/** Sees to it that a request has its reply, which carries its id. */
function answer(request: Message, messages: Message[]): void {
  const isReply = ({ channel, id }: Message) => channel === request.channel && id === request.id;
  let at = messages.findIndex(isReply);
  if (at < 0) at = messages.findIndex((message) => isNamelessReply(message, request));
  if (at < 0) at = messages.push({ ...request, successful: false, failure: { reason: missing } }) - 1;
  const reply = messages[at];
  if (reply === undefined) return;
  const { id, subscription } = request;
  messages[at] = {
    ...reply,
    ...(id !== undefined && { id }),
    ...(subscription !== undefined && { subscription }),
  };
}

function isNamelessReply({ channel, id, subscription }: Message, request: Message): boolean {
  return (
    channel === request.channel &&
    id === undefined &&
    (subscription === undefined || String(subscription) === String(request.subscription))
  );
}
