import ky from 'ky';
import { z } from 'zod';
import type { Brain, Piece } from './brain.ts';

export interface RasaBrainOptions {
  /** The origin of the Rasa server, for instance `http://localhost:5005`. */
  readonly url: string;
  /** Milliseconds for an answer. Default: 10,000. */
  readonly within?: number;
}

/** Source: Rasa "REST Channel": a list of messages, `text` in most; `custom` holds what a story adds. */
const messages = z.array(
  z.object({
    text: z.string().optional(),
    custom: z.object({ handOff: z.union([z.string(), z.literal(true)]).optional() }).optional(),
  }),
);

/**
 * Asks a Rasa server over its REST channel; the interaction is the sender. A story fetches a human by a custom payload:
 * `{ "handOff": "reason" }`.
 */
export function rasaBrain({ url, within = 10_000 }: RasaBrainOptions): Brain {
  const endpoint = `${url.replace(/\/+$/, '')}/webhooks/rest/webhook`;
  return async function* ({ interactionId, lines, signal }): AsyncGenerator<Piece> {
    const reply = await ky.post(endpoint, {
      json: { sender: interactionId, message: lines.join('\n') },
      signal,
      timeout: within,
      retry: 0,
    });
    const answers = messages.parse(await reply.json());
    for (const { text, custom } of answers) {
      if (text !== undefined && text !== '') yield { kind: 'text', text: `${text}\n\n` };
      if (custom?.handOff !== undefined)
        yield { kind: 'hand-off', reason: custom.handOff === true ? 'asked' : custom.handOff };
    }
    if (answers.length === 0) yield { kind: 'unsure' };
  };
}
