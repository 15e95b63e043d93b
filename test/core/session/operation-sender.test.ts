import { lastValueFrom } from 'rxjs';
import type { Operation, OperationName } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { operationSender } from '../../../core/session/operation-sender.ts';
import { Requests } from '../../../core/transport/requests.ts';
import { localServer, session, testNetwork } from '../transport/local-server.ts';

const dialect = gws850();
const origin = { interactionId: 'I', plugin: 'tested' };
const message: Operation = { name: 'sendMessage', text: 'Hi', ...origin };

function sender(url: string, timeout = 5_000) {
  const requests = new Requests(session(url), testNetwork(), { basePath: dialect.basePath, timeout });
  const send = senderOn(requests);
  return (operation: Operation) => lastValueFrom(send(operation));
}

function senderOn(requests: Requests) {
  return operationSender({
    dialect,
    requests,
    find: () => undefined,
    onTranscript: () => undefined,
    onUnauthenticated: () => undefined,
  });
}

/** How the operation ends when the server answers like this. */
async function outcomeOf(httpStatus: number, body: string) {
  const url = await localServer((_received, response) => response.writeHead(httpStatus).end(body));
  return sender(url)(message);
}

describe('an operation on the wire', () => {
  it.each<[number, string, object]>([
    [200, '{"statusCode":0}', { kind: 'sent', status: 0, attempts: 1 }],
    [200, '{"status":0}', { kind: 'sent', status: 0 }],
    [200, '', { kind: 'sent', status: 0 }],
    [
      200,
      '{"statusCode":2,"statusMessage":"not now"}',
      { kind: 'refused', reason: 'status', status: 2, message: 'not now', attempts: 1 },
    ],
    [200, '{"statusCode":6}', { kind: 'refused', status: 6, message: 'no reason given' }],
    [400, '{"statusCode":1}', { kind: 'refused', status: 1 }],
    [401, '{"statusCode":20}', { kind: 'failed', reason: 'session' }],
    [200, '{"statusCode":20}', { kind: 'failed', reason: 'session' }],
    [500, '{"statusCode":4}', { kind: 'refused', status: 4 }],
    [403, 'Missing or invalid Csrf token', { kind: 'failed', reason: 'session', message: /CSRF/ }],
    [403, '<html>', { kind: 'refused', reason: 'http', message: /403/ }],
    [404, '<html>', { kind: 'refused', reason: 'http', message: /404/ }],
    [404, '', { kind: 'refused', reason: 'http', message: /404/ }],
    [302, '', { kind: 'refused', reason: 'http', message: /302/ }],
    [429, '', { kind: 'failed', reason: 'busy', attempts: 1 }],
    [503, '<html>', { kind: 'failed', reason: 'busy', attempts: 1 }],
    [500, '<html>', { kind: 'unknown', reason: 'no-reply', message: /500/ }],
    [502, '', { kind: 'unknown', reason: 'no-reply' }],
    [504, '<html>', { kind: 'unknown', reason: 'no-reply' }],
  ])('answered with HTTP %i %j ends as %o', async (httpStatus, body, expected) => {
    const wanted = Object.entries(expected).map(([key, value]) => [
      key,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]);
    expect(await outcomeOf(httpStatus, body)).toMatchObject({
      operation: message,
      ...Object.fromEntries(wanted),
    });
  });

  it('failed when nobody listens, and names the reason', async () => {
    expect(await sender('http://127.0.0.1:1')(message)).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      message: 'cannot reach http://127.0.0.1:1: nothing listens there (ECONNREFUSED)',
    });
  });

  it('is unknown when no answer comes', async () => {
    const url = await localServer(() => undefined);
    expect(await sender(url, 50)(message)).toMatchObject({ kind: 'unknown', reason: 'no-reply' });
  });

  it('is unsupported, and not sent, when the dialect has none', async () => {
    const consultation: Operation = { name: 'startConsultation', to: { skill: 'Cards' }, ...origin };
    expect(await sender('http://127.0.0.1:1')(consultation)).toEqual({
      operation: consultation,
      kind: 'unsupported',
      reason: 'dialect',
      message: 'gws-8.5.0 has no startConsultation of this kind',
      attempts: 0,
    });
  });

  it('is sent once per subscription, and not before', async () => {
    const seen: string[] = [];
    const url = await localServer(({ body }, response) => {
      seen.push(JSON.parse(body).operationName);
      response.end('{"statusCode":0}');
    });
    const requests = new Requests(session(url), testNetwork(), { basePath: dialect.basePath });
    const send$ = senderOn(requests)({ name: 'stopProcessing', ...origin });
    expect(seen).toEqual([]);
    await lastValueFrom(send$);
    await lastValueFrom(send$);
    expect(seen).toEqual(['StopProcessing', 'StopProcessing']);
  });

  it('is an outcome even when its interaction has an id that no address can carry', async () => {
    const name: OperationName = 'reject';
    const outcome = sender('http://127.0.0.1:1')({ name, interactionId: '\ud800', plugin: 'tested' });
    await expect(outcome).resolves.toMatchObject({ operation: { name }, kind: 'failed' });
  });
});
