import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../../../core/transport/exchange.ts';
import { HttpSession } from '../../../core/transport/http-session.ts';

const origin = 'http://127.0.0.1:8080';
const url = `${origin}/api/v2/me`;
const session = (username = 'ada') =>
  new HttpSession(origin, { username, password: 'p:äss', csrfPath: '/api/v2/me?subresources=*' });

type Pairs = readonly (readonly [string, string])[];

const headersOf = (pairs: Pairs): Headers => {
  const headers = new Headers();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
};
const answer = (status = 200, text = '', ...pairs: Pairs): HttpAnswer => ({
  status,
  text,
  headers: headersOf(pairs),
});

/** What the session sends while it sends this, and what it brings back. */
async function sent(
  http: HttpSession,
  method: 'GET' | 'POST',
  reply: (request: HttpRequest, count: number) => HttpAnswer = () => answer(),
) {
  const requests: HttpRequest[] = [];
  const result = await http.send({ method, url }, async (request) => {
    requests.push(request);
    return reply(request, requests.length);
  });
  const [{ headers } = { headers: {} as Record<string, string> }] = requests;
  return { headers, result, lines: requests.map((one) => `${one.method} ${new URL(one.url).pathname}`) };
}

describe('an HTTP session', () => {
  it('shows its credentials by Basic, in UTF-8', async () => {
    const { headers } = await sent(session(), 'GET');
    expect(Buffer.from(headers['authorization']?.slice('Basic '.length) ?? '', 'base64').toString()).toBe(
      'ada:p:äss',
    );
  });

  it('shows no credentials if it has none', async () => {
    const http = new HttpSession(origin, { username: 'ada' });
    http.absorb(url, headersOf([['set-cookie', 'JSESSIONID=A1; Path=/']]));
    expect((await sent(http, 'POST')).headers).toEqual({ cookie: 'JSESSIONID=A1' });
  });

  it('shows them to nobody who looks at it', () => {
    const secret = Buffer.from('ada:p:äss').toString('base64');
    for (const view of [inspect(session(), { depth: 9, showHidden: true }), JSON.stringify(session())]) {
      expect(view).not.toContain(secret);
      expect(view).not.toContain('p:äss');
    }
  });

  it('keeps its cookies to itself', async () => {
    const [ada, bea] = [session('ada'), session('bea')];
    ada.absorb(
      url,
      headersOf([
        ['set-cookie', 'JSESSIONID=A1; Path=/; HttpOnly'],
        ['set-cookie', 'AWSELB=x; Path=/'],
      ]),
    );
    bea.absorb(url, headersOf([['set-cookie', 'JSESSIONID=B1; Path=/']]));
    expect((await sent(ada, 'POST')).headers).toMatchObject({ cookie: 'JSESSIONID=A1; AWSELB=x' });
    expect((await sent(bea, 'POST')).headers).toMatchObject({ cookie: 'JSESSIONID=B1' });
    expect([ada.id, bea.id]).toEqual(['A1', 'B1']);
  });

  it('forgets a cookie that the server deletes, and minds its path', async () => {
    const ada = session();
    ada.absorb(
      url,
      headersOf([
        ['set-cookie', 'JSESSIONID=A1; Path=/'],
        ['set-cookie', 'other=1; Path=/elsewhere'],
      ]),
    );
    ada.absorb(url, headersOf([['set-cookie', 'JSESSIONID=; Path=/; Max-Age=0']]));
    expect((await sent(ada, 'GET')).headers).not.toHaveProperty('cookie');
    expect(ada.id).toBeUndefined();
  });

  it('adds the headers of the config, under its own', async () => {
    const headers = { 'x-api-key': 'k', accept: 'text/html' };
    const http = new HttpSession(origin, { username: 'ada', password: 'x', headers });
    const requests: HttpRequest[] = [];
    await http.send({ method: 'GET', url, headers: { accept: 'application/json' } }, async (request) => {
      requests.push(request);
      return answer();
    });
    expect(requests[0]?.headers).toMatchObject({ 'x-api-key': 'k', accept: 'application/json' });
  });
});

const token = (value: string): Pairs => [
  ['X-CSRF-HEADER', 'X-Token'],
  ['X-Token', value],
];
const refused = () => answer(403, 'Missing or invalid Csrf token');

describe('the CSRF token of an HTTP session', () => {
  it('is sent under the name the server gives, not with GET', async () => {
    const ada = session();
    ada.absorb(url, headersOf(token('t1')));
    expect((await sent(ada, 'POST')).headers).toMatchObject({ 'x-token': 't1' });
    expect((await sent(ada, 'GET')).headers).not.toHaveProperty('x-token');
    ada.absorb(url, headersOf(token('t2')));
    expect((await sent(ada, 'POST')).headers).toMatchObject({ 'x-token': 't2' });
  });

  it('is none where the server gives a name without a value, or no name', async () => {
    const ada = session();
    for (const name of ['X-Token', '', 'not a name']) ada.absorb(url, headersOf([['X-CSRF-HEADER', name]]));
    expect(Object.keys((await sent(ada, 'POST')).headers)).toEqual(['authorization']);
  });

  it('is read, and the request sent again, when the server refuses it', async () => {
    const { lines, result } = await sent(session(), 'POST', ({ method, headers }) => {
      if (method === 'GET') return answer(200, '', ...token('fresh'));
      return headers['x-token'] === 'fresh' ? answer() : refused();
    });
    expect(lines).toEqual(['POST /api/v2/me', 'GET /api/v2/me', 'POST /api/v2/me']);
    expect(result.status).toBe(200);
  });

  it('is read once for one request, whatever the server says', async () => {
    const { lines, result } = await sent(session(), 'POST', ({ method }) =>
      method === 'GET' ? answer(200, '', ...token('fresh')) : refused(),
    );
    expect(lines).toHaveLength(3);
    expect(result.status).toBe(403);
  });

  it('is read once for all requests that wait for it', async () => {
    const ada = session();
    const lines: string[] = [];
    const transmit = async ({ method, headers }: HttpRequest) => {
      lines.push(method);
      if (method === 'GET') return answer(200, '', ...token('fresh'));
      return headers['x-token'] === 'fresh' ? answer() : refused();
    };
    await Promise.all([1, 2, 3].map(() => ada.send({ method: 'POST', url }, transmit)));
    expect(lines).toEqual(['POST', 'POST', 'POST', 'GET', 'POST', 'POST', 'POST']);
  });

  it('is not read for another refusal', async () => {
    const { lines } = await sent(session(), 'POST', () => answer(403, '{"statusCode":3}'));
    expect(lines).toEqual(['POST /api/v2/me']);
  });

  it('is read before it is missed when the server has begun another HTTP session', async () => {
    const ada = session();
    ada.absorb(url, headersOf([['set-cookie', 'JSESSIONID=A1'], ...token('of A1')]));
    ada.absorb(url, headersOf([['set-cookie', 'JSESSIONID=A2']]));
    const { lines, headers } = await sent(ada, 'POST', ({ method }) =>
      method === 'GET' ? answer(200, '', ...token('of A2')) : answer(),
    );
    expect(lines).toEqual(['GET /api/v2/me', 'POST /api/v2/me']);
    expect(headers).not.toHaveProperty('x-token');
    expect((await sent(ada, 'POST')).headers).toMatchObject({ 'x-token': 'of A2' });
  });

  it('is asked for once where the new HTTP session has none', async () => {
    const ada = session();
    ada.absorb(url, headersOf([['set-cookie', 'JSESSIONID=A1'], ...token('of A1')]));
    ada.absorb(url, headersOf([['set-cookie', 'JSESSIONID=A2']]));
    expect((await sent(ada, 'POST')).lines).toHaveLength(2);
    expect((await sent(ada, 'POST')).lines).toHaveLength(1);
  });

  it('may fail to be read: the request itself tells', async () => {
    const { lines, result } = await sent(session(), 'POST', ({ method }) => {
      if (method === 'GET') throw new Error('the line is cut');
      return refused();
    });
    expect(lines).toEqual(['POST /api/v2/me', 'GET /api/v2/me', 'POST /api/v2/me']);
    expect(result.status).toBe(403);
  });
});
