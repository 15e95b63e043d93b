import type { ErrorCode } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { GwsCalls } from '../../../core/session/gws-calls.ts';
import { Requests } from '../../../core/transport/requests.ts';
import { localServer, session, testNetwork } from '../transport/local-server.ts';

const dialect = gws850();

async function calls(httpStatus: number, body: string): Promise<GwsCalls> {
  const url = await localServer((_received, response) => response.writeHead(httpStatus).end(body));
  const requests = new Requests(session(url), testNetwork(), { basePath: dialect.basePath });
  return new GwsCalls(requests, dialect, 'the server');
}

const user = JSON.stringify({ statusCode: 0, user: { id: 'u1', firstName: 'Ada' } });

describe('reading /me', () => {
  it('tells who the agent is', async () => {
    expect(await (await calls(200, user)).me()).toMatchObject({ id: 'u1', firstName: 'Ada' });
  });

  it.each<[number, string, ErrorCode]>([
    [401, '', 'USHER_LOGIN_REFUSED'],
    [401, '<html>', 'USHER_LOGIN_REFUSED'],
    [200, '{"statusCode":20,"statusMessage":"Access denied"}', 'USHER_LOGIN_REFUSED'],
    [200, '', 'USHER_NOT_GWS'],
    [200, '<html>', 'USHER_NOT_GWS'],
    [200, '{"statusCode":0}', 'USHER_NOT_GWS'],
    [302, '', 'USHER_NOT_GWS'],
    [404, '', 'USHER_NOT_GWS'],
    [500, '<html>', 'USHER_NOT_GWS'],
  ])('answered with HTTP %i %j ends with %s', async (httpStatus, body, code) => {
    await expect((await calls(httpStatus, body)).me()).rejects.toMatchObject({ code });
  });

  it('names what was asked and what came, and where', async () => {
    await expect((await calls(404, '<html>')).me()).rejects.toThrow(
      'the server does not answer like a GWS server: GET /api/v2/me?subresources=* gave HTTP 404 without a GWS body',
    );
  });
});

describe('a command', () => {
  const { ready } = dialect.session;

  it.each([
    [200, '{"statusCode":0}'],
    [200, '{"status":"ok"}'],
    [200, ''],
    [204, ''],
  ])('succeeds with HTTP %i %j', async (httpStatus, body) => {
    await expect((await calls(httpStatus, body)).command('Ready', ready)).resolves.toBeUndefined();
  });

  it.each<[number, string, ErrorCode]>([
    [401, '', 'USHER_LOGIN_REFUSED'],
    [200, '{"statusCode":5,"statusMessage":"no permission"}', 'USHER_SESSION_REFUSED'],
    [403, '{"statusCode":3}', 'USHER_SESSION_REFUSED'],
    [200, '{"status":"error","errorDescription":"no such state"}', 'USHER_SESSION_REFUSED'],
    [302, '', 'USHER_NOT_GWS'],
    [404, '', 'USHER_NOT_GWS'],
    [500, '', 'USHER_NOT_GWS'],
    [503, '<html>', 'USHER_NOT_GWS'],
    [200, '{"ok":true}', 'USHER_NOT_GWS'],
  ])('answered with HTTP %i %j ends with %s', async (httpStatus, body, code) => {
    await expect((await calls(httpStatus, body)).command('Ready', ready)).rejects.toMatchObject({ code });
  });

  it('that is refused tells what GWS says', async () => {
    const refused = await calls(200, '{"statusCode":7,"statusMessage":"voice failed"}');
    await expect(refused.command('StartContactCenterSession', ready)).rejects.toThrow(
      'GWS refuses StartContactCenterSession (statusCode 7): voice failed',
    );
  });
});
