import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lastValueFrom, toArray } from 'rxjs';
import type { Brain, Piece, Turn } from 'usher-bots/plugins/virtual-agent';
import { describe, expect, it, onTestFinished } from 'vitest';
import { piecesOf } from '../../../plugins/virtual-agent/pieces.ts';
import { rasaBrain } from '../../../plugins/virtual-agent/rasa-brain.ts';
import { webhookBrain } from '../../../plugins/virtual-agent/webhook-brain.ts';

interface Asked {
  readonly url: string | undefined;
  readonly body: string;
  readonly signature: string | string[] | undefined;
}

/** A service that answers each request with this; `undefined`: never. */
async function service(answer: string | undefined, status = 200) {
  const asked: Asked[] = [];
  let aborted = 0;
  const server = createServer(async (request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) aborted += 1;
    });
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push({ url: request.url, body, signature: request.headers['x-usher-signature'] });
    if (answer !== undefined) response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, aborted: () => aborted };
}

const turn = (signal = new AbortController().signal): Turn => ({
  interactionId: 'I-1',
  agent: 'Ada',
  transcript: [{ from: 'customer', text: 'my card' }],
  lines: ['my card'],
  userData: { FirstName: 'Mia' },
  tools: [],
  use: async () => 'done',
  signal,
});

const pieces = (brain: Brain, asked = turn()): Promise<Piece[]> =>
  lastValueFrom(piecesOf(brain, asked).pipe(toArray()), { defaultValue: [] });

describe('a service of your own as a brain', () => {
  it('gets the turn, signed, and says texts and whether a human is to take over', async () => {
    const { url, asked } = await service(
      '{"texts":["One.","Two."],"handOff":{"reason":"vip","summary":"card"}}',
    );
    expect(await pieces(webhookBrain({ url, secret: 'shared' }))).toEqual([
      { kind: 'text', text: 'One.\n\n' },
      { kind: 'text', text: 'Two.\n\n' },
      { kind: 'hand-off', reason: 'vip', summary: 'card' },
    ]);
    const [request] = asked;
    expect(JSON.parse(request?.body ?? '')).toEqual({
      interactionId: 'I-1',
      agent: 'Ada',
      lines: ['my card'],
      transcript: [{ from: 'customer', text: 'my card' }],
      userData: { FirstName: 'Mia' },
    });
    const digest = createHmac('sha256', 'shared')
      .update(request?.body ?? '')
      .digest('hex');
    expect(request?.signature).toBe(`sha256=${digest}`);
  });

  it('is unsure where it answers nothing', async () => {
    const { url } = await service('{}');
    expect(await pieces(webhookBrain({ url }))).toEqual([{ kind: 'unsure' }]);
  });

  it.each([
    ['an answer of another shape', '{"texts":"hello"}', 200],
    ['what is no JSON', '<html>', 200],
    ['an error', '{}', 500],
    ['a flood', `{"texts":["${'x'.repeat(120_000)}"]}`, 200],
  ])('fails on %s', async (_what, answer, status) => {
    const { url, asked } = await service(answer, status);
    await expect(pieces(webhookBrain({ url }))).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });

  it('is not waited for longer than told, or when the turn is called off', async () => {
    const { url, aborted, asked } = await service(undefined);
    await expect(pieces(webhookBrain({ url, within: 50 }))).rejects.toThrow(/timed out/i);
    const abort = new AbortController();
    const said = pieces(webhookBrain({ url }), turn(abort.signal)).catch(() => 'called off');
    await expect.poll(() => asked.length).toBe(2);
    abort.abort();
    expect(await said).toBe('called off');
    await expect.poll(() => aborted()).toBe(2);
  });
});

describe('Rasa as a brain', () => {
  it('is asked over its REST channel, the interaction being the sender', async () => {
    const { url, asked } = await service('[{"recipient_id":"I-1","text":"Which card?"},{"image":"x"}]');
    expect(await pieces(rasaBrain({ url: `${url}/` }))).toEqual([{ kind: 'text', text: 'Which card?\n\n' }]);
    expect(asked[0]).toMatchObject({ url: '/webhooks/rest/webhook' });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ sender: 'I-1', message: 'my card' });
  });

  it('fetches a human by a custom payload, and is unsure where it says nothing', async () => {
    const { url } = await service('[{"custom":{"handOff":"fraud"}}]');
    expect(await pieces(rasaBrain({ url }))).toEqual([{ kind: 'hand-off', reason: 'fraud' }]);
    const silent = await service('[]');
    expect(await pieces(rasaBrain({ url: silent.url }))).toEqual([{ kind: 'unsure' }]);
  });
});
