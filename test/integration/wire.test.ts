import type { WireExchange } from 'usher-bots/simulator';
import { describe, expect, it } from 'vitest';
import { receptionist } from '../../bots/receptionist.ts';
import { cora, oneSeat, running, simulator } from './contact-centre.ts';

type Http = Extract<WireExchange, { kind: 'http' }>;

/** One served chat, everything that crossed the wire. */
async function servedChat() {
  const exchanges: WireExchange[] = [];
  const server = await simulator({ onExchange: (exchange) => exchanges.push(exchange) });
  const { host, until } = await running(
    oneSeat(server.url, receptionist({ colleague: cora.id ?? '', pace: { minimum: 5, maximum: 10 } })),
  );
  const result = await server.arrive({
    firstName: 'Mia',
    steps: [
      { expect: /Hello Mia/ },
      { say: 'When are you open?' },
      { expect: /Monday/ },
      { say: 'I want a human' },
      { expect: /Goodbye, Mia/ },
      { expect: 'Cora here.' },
    ],
  }).done;
  expect(result).toMatchObject({ served: true });
  await until(({ kind }) => kind === 'interaction-ended');
  await host.stop();
  const http = exchanges.filter((exchange): exchange is Http => exchange.kind === 'http');
  const posts = http.filter(({ method, url }) => method === 'POST' && !url.includes('/notifications'));
  const bayeux = exchanges.flatMap((exchange) => (exchange.kind === 'bayeux' ? [exchange] : []));
  return { http, posts, bayeux, chatId: result.chatId };
}

describe('the wire of one served chat', () => {
  it('carries the bodies of the page, in the order of the work', async () => {
    const { posts, chatId } = await servedChat();
    const path = `/api/v2/me/interactions/${chatId}`;
    const started = { operationName: 'SendNotification', notifcation: 'TypingStarted' };
    const stopped = { operationName: 'SendNotification', notifcation: 'TypingStopped' };
    const message = (text: string) => ({ operationName: 'SendMessage', text });

    expect(posts.filter(({ url }) => url === path).map(({ request }) => request)).toEqual([
      { operationName: 'Accept', nickname: 'Ada' },
      started,
      stopped,
      message('Hello Mia, I am Ada. How can I help you?'),
      started,
      stopped,
      message('We are open Monday to Friday from 8 to 18 h, and on Saturday from 9 to 13 h.'),
      started,
      stopped,
      message('One moment please, I will ask a colleague to join us.'),
      { operationName: 'StartChatConsultation', agentId: cora.id },
      started,
      stopped,
      message('My colleague takes over now. Goodbye, Mia!'),
      { operationName: 'CompleteTransfer' },
    ]);
  });

  it('answers with statusCode, and with status for the consultation', async () => {
    const { posts } = await servedChat();
    const replies = new Map(
      posts.map(({ request, reply }) => [(request as { operationName: string }).operationName, reply]),
    );
    expect(Object.fromEntries(replies)).toEqual({
      StartContactCenterSession: { statusCode: 0 },
      Ready: { statusCode: 0 },
      Accept: { statusCode: 0 },
      SendNotification: { statusCode: 0 },
      SendMessage: { statusCode: 0 },
      StartChatConsultation: { status: 0 },
      CompleteTransfer: { status: 0 },
      NotReady: { statusCode: 0 },
      EndContactCenterSession: { statusCode: 0 },
    });
  });

  it('starts with /me, handshake, subscription, session, Ready, and ends the session last of all', async () => {
    const exchanges: string[] = [];
    const server = await simulator({
      onExchange: (exchange) => {
        if (exchange.kind === 'bayeux') {
          const { channel } = exchange.message as { channel: string };
          if (exchange.direction === 'in' && channel !== '/meta/connect') exchanges.push(channel);
        } else {
          const name = (exchange.request as { operationName?: string } | null)?.operationName;
          exchanges.push(name ?? `${exchange.method} ${exchange.url}`);
        }
      },
    });
    const { host } = await running(oneSeat(server.url, receptionist()));
    await host.stop();
    expect(exchanges).toEqual([
      'GET /api/v2/me?subresources=*',
      '/meta/handshake',
      '/meta/subscribe',
      'StartContactCenterSession',
      'Ready',
      'GET /api/v2/me?subresources=*',
      'NotReady',
      '/meta/disconnect',
      'EndContactCenterSession',
    ]);
  });

  it('subscribes the topic of the dialect, once', async () => {
    const { bayeux } = await servedChat();
    const subscriptions = bayeux.flatMap(({ direction, message }) => {
      const { channel, subscription } = message as { channel: string; subscription?: string };
      return direction === 'in' && channel === '/meta/subscribe' ? [subscription] : [];
    });
    expect(subscriptions).toEqual(['/v2/me/interactions']);
  });
});
