import { createHmac } from 'node:crypto';
import ky from 'ky';
import { z } from 'zod';
import type { Brain, Piece } from './brain.ts';

export interface WebhookBrainOptions {
  /** Where the turn is posted as JSON: `{ interactionId, agent, lines, transcript, userData }`. */
  readonly url: string;
  /** With it, the body is signed: `X-Usher-Signature: sha256=<HMAC in hexadecimal>`. */
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for an answer. Default: 10,000. */
  readonly within?: number;
}

/** What is answered: texts to say, and whether a human is to take over; `{}` where nothing is known. */
const answer = z.object({
  texts: z.array(z.string().min(1).max(5_000)).max(10).default([]),
  handOff: z.object({ reason: z.string().min(1), summary: z.string().optional() }).optional(),
});

/** Characters of an answer that are read at most. */
const longestAnswer = 100_000;

/** Asks a service of your own over HTTP. */
export function webhookBrain({ url, secret, headers = {}, within = 10_000 }: WebhookBrainOptions): Brain {
  return async function* ({
    interactionId,
    agent,
    lines,
    transcript,
    userData,
    signal,
  }): AsyncGenerator<Piece> {
    const body = JSON.stringify({ interactionId, agent, lines, transcript, userData });
    const signature =
      secret === undefined
        ? {}
        : { 'x-usher-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    const reply = await ky.post(url, {
      body,
      headers: { 'content-type': 'application/json', ...headers, ...signature },
      signal,
      timeout: within,
      retry: 0,
    });
    const text = await reply.text();
    if (text.length > longestAnswer) throw new Error(`the answer has more than ${longestAnswer} characters`);
    const { texts, handOff } = answer.parse(JSON.parse(text));
    for (const one of texts) yield { kind: 'text', text: `${one}\n\n` };
    if (handOff !== undefined)
      yield {
        kind: 'hand-off',
        reason: handOff.reason,
        ...(handOff.summary !== undefined && { summary: handOff.summary }),
      };
    if (texts.length === 0 && handOff === undefined) yield { kind: 'unsure' };
  };
}
