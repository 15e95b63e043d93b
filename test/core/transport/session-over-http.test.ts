import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Requests } from '../../../core/transport/requests.ts';
import { localServer, type Received, session, testNetwork } from './local-server.ts';

const post = { method: 'POST', path: '/me/interactions/I', body: { operationName: 'Accept' } } as const;
const get = { method: 'GET', path: '/me?subresources=*' } as const;

async function recording(
  answer: (received: Received) => { status?: number; headers?: object; body?: string },
) {
  const seen: Received[] = [];
  const origin = await localServer((received, response) => {
    seen.push(received);
    const { status = 200, headers = {}, body = '{"statusCode":0}' } = answer(received);
    response.writeHead(status, { ...headers }).end(body);
  });
  return { origin, seen };
}

describe('the requests of a session', () => {
  it('carry credentials and, from the first answer on, its cookies', async () => {
    const { origin, seen } = await recording(() => ({
      headers: { 'set-cookie': ['JSESSIONID=s1; Path=/; HttpOnly', 'AWSELB=e1; Path=/'] },
    }));
    const requests = new Requests(session(origin), testNetwork(), { basePath: '/api/v2' });
    await requests.send(get);
    await requests.send(post);
    expect(seen.map(({ headers }) => headers.cookie)).toEqual([undefined, 'JSESSIONID=s1; AWSELB=e1']);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(
      [1, 2].map(() => `Basic ${Buffer.from('ada:secret').toString('base64')}`),
    );
  });

  it('share sockets with other sessions, but neither cookies nor tokens', async () => {
    const { origin, seen } = await recording(({ headers }) => {
      const [, secret = ''] = (headers.authorization ?? '').split(' ');
      const [user] = Buffer.from(secret, 'base64').toString().split(':');
      return {
        headers: { 'set-cookie': `JSESSIONID=${user}`, 'x-csrf-header': 'X-T', 'x-t': `token-${user}` },
      };
    });
    const network = testNetwork();
    const [ada, bea] = ['ada', 'bea'].map(
      (name) => new Requests(session(origin, name), network, { basePath: '' }),
    );
    for (const one of [ada, bea, ada, bea]) await one?.send(post);
    expect(seen.slice(2).map(({ headers }) => [headers.cookie, headers['x-t']])).toEqual([
      ['JSESSIONID=ada', 'token-ada'],
      ['JSESSIONID=bea', 'token-bea'],
    ]);
  });

  it('give up after the second CSRF refusal', async () => {
    const { origin, seen } = await recording(({ method }) =>
      method === 'GET' ? {} : { status: 403, body: 'Missing or invalid Csrf token' },
    );
    const answer = await new Requests(session(origin), testNetwork(), { basePath: '' }).send(post);
    expect(answer).toEqual({ kind: 'answered', httpStatus: 403, body: 'Missing or invalid Csrf token' });
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  it('bear a CSRF header whose name is none: what was answered stays answered', async () => {
    const { origin } = await recording(() => ({ headers: { 'x-csrf-header': 'not a name' } }));
    const answer = await new Requests(session(origin), testNetwork(), { basePath: '' }).send(post);
    expect(answer).toEqual({ kind: 'answered', httpStatus: 200, body: { statusCode: 0 } });
  });

  it.each(['{"statusCode":', '{"a":1}{"b":2}', 'null', '0', '"text"', '\ufeff{"statusCode":0}'])(
    'bring the body back, whatever it is: %j',
    async (body) => {
      const { origin } = await recording(() => ({ body }));
      const answer = await new Requests(session(origin), testNetwork(), { basePath: '' }).send(post);
      expect(answer).toMatchObject({ kind: 'answered', httpStatus: 200 });
    },
  );

  it('name neither password nor authorization when they fail', async () => {
    const requests = new Requests(session('http://127.0.0.1:1'), testNetwork(), { basePath: '' });
    const answer = await requests.send(post);
    const told = inspect(answer, { depth: 12, showHidden: true });
    expect(told).not.toContain(Buffer.from('ada:secret').toString('base64'));
    expect(told).not.toContain('secret');
  });

  it('go out at the same time: one that hangs holds up no other', async () => {
    const held: (() => void)[] = [];
    const origin = await localServer((received, response) => {
      if (received.url === '/slow') held.push(() => response.end('{}'));
      else response.end('{"statusCode":0}');
    });
    const requests = new Requests(session(origin), testNetwork(), { basePath: '' });
    const slow = requests.send({ method: 'GET', path: '/slow' });
    expect(await requests.send(post)).toMatchObject({ body: { statusCode: 0 } });
    for (const release of held) release();
    expect(await slow).toMatchObject({ kind: 'answered' });
  });
});
