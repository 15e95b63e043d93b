import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Network } from '../../../core/transport/network.ts';
import { networkFault } from '../../../core/transport/network-errors.ts';
import { Requests } from '../../../core/transport/requests.ts';
import { session } from './local-server.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

async function server(handler: Handler, timeout = 5_000): Promise<Requests> {
  const listening = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    handler(request, response, Buffer.concat(chunks).toString());
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const network = new Network();
  onTestFinished(async () => {
    await network.close();
    listening.closeAllConnections();
    listening.close();
  });
  const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return new Requests(session(origin), network, { basePath: '/api/v2', timeout });
}

const post = { method: 'POST', path: '/me/interactions/I', body: { text: 'Grüße, 愛子 👋' } } as const;

describe('a request', () => {
  it('carries JSON below the base path, and brings JSON back', async () => {
    const requests = await server((request, response, body) => {
      response.end(
        JSON.stringify({ url: request.url, type: request.headers['content-type'], body: JSON.parse(body) }),
      );
    });
    expect(await requests.send(post)).toEqual({
      kind: 'answered',
      httpStatus: 200,
      body: { url: '/api/v2/me/interactions/I', type: 'application/json', body: post.body },
    });
  });

  it('reads a letter that is cut between two chunks', async () => {
    const bytes = Buffer.from(JSON.stringify({ text: '愛' }));
    const requests = await server((_request, response) => {
      response.write(bytes.subarray(0, 10));
      setImmediate(() => response.end(bytes.subarray(10)));
    });
    expect(await requests.send(post)).toMatchObject({ body: { text: '愛' } });
  });

  it.each([
    ['a page', 200, '<html>', '<html>'],
    ['nothing', 200, '', undefined],
    ['nothing, by 204', 204, '', undefined],
    ['a refusal', 500, '{"statusCode":4}', { statusCode: 4 }],
  ])('brings back %s as it is', async (_what, status, text, body) => {
    const requests = await server((_request, response) => response.writeHead(status).end(text));
    expect(await requests.send(post)).toEqual({ kind: 'answered', httpStatus: status, body });
  });

  it('is sent again, once, with a fresh token, when CSRF protection refuses it', async () => {
    const seen: string[] = [];
    const requests = await server((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['x-csrf-token'] ?? 'none'}`);
      const isGood = request.method === 'GET' || request.headers['x-csrf-token'] === 'fresh';
      if (request.method === 'GET')
        response.setHeader('X-CSRF-HEADER', 'X-CSRF-TOKEN').setHeader('X-CSRF-TOKEN', 'fresh');
      response
        .writeHead(isGood ? 200 : 403)
        .end(isGood ? '{"statusCode":0}' : 'Missing or invalid Csrf token');
    });
    expect(await requests.send(post)).toMatchObject({ body: { statusCode: 0 } });
    expect(seen).toEqual([
      'POST /api/v2/me/interactions/I none',
      'GET /api/v2/me?subresources=* none',
      'POST /api/v2/me/interactions/I fresh',
    ]);
  });

  it('is not sent again for another refusal', async () => {
    let count = 0;
    const requests = await server((_request, response) => {
      count += 1;
      response.writeHead(403).end('{"statusCode":3}');
    });
    await requests.send(post);
    expect(count).toBe(1);
  });

  it('has no answer when the server is silent, and may have had effect', async () => {
    const requests = await server(() => undefined, 50);
    expect(await requests.send(post)).toMatchObject({ kind: 'no-answer' });
  });

  it('has no answer when the server cuts the line', async () => {
    const requests = await server((request) => request.socket.destroy());
    expect(await requests.send(post)).toMatchObject({ kind: 'no-answer' });
  });

  it('was not sent when nobody listens', async () => {
    const network = new Network();
    onTestFinished(() => network.close());
    const answer = await new Requests(session('http://127.0.0.1:1'), network, { basePath: '' }).send(post);
    expect(answer).toMatchObject({ kind: 'not-sent', error: { code: 'USHER_SERVER_UNREACHABLE' } });
  });
});

describe('a network fault', () => {
  const fault = (code: string) =>
    networkFault(new Error('outer', { cause: Object.assign(new Error('inner'), { code }) }), 'http://h');

  it.each([
    [
      'ECONNREFUSED',
      true,
      'USHER_SERVER_UNREACHABLE',
      'cannot reach http://h: nothing listens there (ECONNREFUSED)',
    ],
    [
      'ENOTFOUND',
      true,
      'USHER_SERVER_UNREACHABLE',
      'cannot reach http://h: the host name is unknown (ENOTFOUND)',
    ],
    [
      'ECONNRESET',
      false,
      'USHER_SERVER_UNREACHABLE',
      'no answer from http://h: the connection was cut (ECONNRESET)',
    ],
    ['EPIPE', false, 'USHER_SERVER_UNREACHABLE', 'no answer from http://h: inner'],
    [
      'CERT_HAS_EXPIRED',
      true,
      'USHER_TLS',
      'cannot make a secure connection to http://h: inner (CERT_HAS_EXPIRED)',
    ],
  ])('%s: certainly not sent %s', (code, certain, expected, message) => {
    expect(fault(code)).toMatchObject({ certain, error: { code: expected, message } });
  });

  it('is read from an aggregate and from a value that is no error', () => {
    const aggregate = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
    expect(networkFault(aggregate, 'http://h').certain).toBe(true);
    expect(networkFault('odd', 'http://h')).toMatchObject({ certain: false });
  });
});
