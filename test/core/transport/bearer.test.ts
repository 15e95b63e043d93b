import { inspect } from 'node:util';
import { TokenProvider } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { bearer } from '../../../core/transport/authorization.ts';
import { HttpSession } from '../../../core/transport/http-session.ts';
import { Requests } from '../../../core/transport/requests.ts';
import { localServer, type Received, testNetwork } from './local-server.ts';

type Token = TokenProvider['token'];

class Provider extends TokenProvider {
  readonly asked: string[] = [];
  readonly #give: Token;

  constructor(give: Token) {
    super();
    this.#give = give;
  }

  override token(...[agent, reason]: Parameters<Token>): string | Promise<string> {
    this.asked.push(`${agent.username} ${reason}`);
    return this.#give(agent, reason);
  }
}

/** Tokens t1, t2, … */
function counting(): Provider {
  let count = 0;
  return new Provider(() => {
    count += 1;
    return `t${count}`;
  });
}

const post = { method: 'POST', path: '/me', body: { operationName: 'Ready' } } as const;

/** Requests to a server that takes only these tokens. */
async function requestsTo(
  provider: TokenProvider,
  takes: (token: string | undefined, received: Received) => boolean,
  refusal: { status: number; body: string } = { status: 401, body: '' },
) {
  const seen: (string | undefined)[] = [];
  const origin = await localServer((received, response) => {
    const token = received.headers.authorization;
    seen.push(token);
    if (takes(token, received)) response.end('{"statusCode":0}');
    else response.writeHead(refusal.status).end(refusal.body);
  });
  const http = new HttpSession(origin, {
    username: 'ada',
    password: 'not used',
    tokens: provider,
    isUnauthenticated: (body) => (body as { statusCode?: number }).statusCode === 20,
  });
  return { requests: new Requests(http, testNetwork(), { basePath: '' }), seen };
}

describe('a bearer token', () => {
  it('goes with every request, and is asked for once', async () => {
    const provider = counting();
    const { requests, seen } = await requestsTo(provider, () => true);
    await Promise.all([requests.send(post), requests.send(post)]);
    await requests.send(post);
    expect(seen).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1']);
    expect(provider.asked).toEqual(['ada first']);
  });

  it.each([
    ['HTTP 401', { status: 401, body: '' }],
    ['statusCode 20', { status: 200, body: '{"statusCode":20,"statusMessage":"Access denied"}' }],
  ])('that %s refuses is replaced, and the request sent again', async (_what, refusal) => {
    const provider = counting();
    const { requests, seen } = await requestsTo(provider, (token) => token === 'Bearer t2', refusal);
    expect(await requests.send(post)).toMatchObject({ kind: 'answered', body: { statusCode: 0 } });
    expect(seen).toEqual(['Bearer t1', 'Bearer t2']);
    expect(provider.asked).toEqual(['ada first', 'ada expired']);
  });

  it('is replaced once for all requests that were refused with it', async () => {
    const provider = counting();
    const { requests, seen } = await requestsTo(provider, (token) => token === 'Bearer t2');
    const answers = await Promise.all([1, 2, 3, 4].map(() => requests.send(post)));
    expect(answers.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(provider.asked).toEqual(['ada first', 'ada expired']);
    expect(seen.filter((token) => token === 'Bearer t2')).toHaveLength(4);
  });

  it('is replaced once for one request: the second refusal is the answer', async () => {
    const provider = counting();
    const { requests, seen } = await requestsTo(provider, () => false);
    expect(await requests.send(post)).toMatchObject({ kind: 'answered', httpStatus: 401 });
    expect(seen).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('that is replaced by itself is not worth another try', async () => {
    const { requests, seen } = await requestsTo(new Provider(() => 'always'), () => false);
    expect(await requests.send(post)).toMatchObject({ kind: 'answered', httpStatus: 401 });
    expect(seen).toEqual(['Bearer always']);
  });
});

describe('a provider of tokens', () => {
  it.each<[string, Token, RegExp]>([
    [
      'that throws',
      () => {
        throw new Error('no such client');
      },
      /^no token for agent ada: no such client$/,
    ],
    ['that rejects', () => Promise.reject(new Error('HTTP 503 of the issuer')), /HTTP 503 of the issuer/],
    ['that gives nothing', () => '', /something that is no token/],
    ['that gives a line break', () => 'secret\r\nX-Admin: 1', /something that is no token/],
    ['that gives an object', () => ({ token: 'secret' }) as unknown as string, /something that is no token/],
  ])('%s means that the request was not sent', async (_what, give, message) => {
    const { requests, seen } = await requestsTo(new Provider(give), () => true);
    const answer = await requests.send(post);
    expect(answer).toMatchObject({ kind: 'not-sent', error: { code: 'USHER_TOKEN_UNAVAILABLE' } });
    expect(answer).toMatchObject({ error: { message: expect.stringMatching(message) } });
    expect(inspect(answer, { depth: 9 })).not.toContain('secret');
    expect(seen).toEqual([]);
  });

  it('that hangs is given up, and asked again', async () => {
    let count = 0;
    const provider = new Provider(() => {
      count += 1;
      return count === 1 ? new Promise<string>(() => undefined) : 'late';
    });
    const authorization = bearer(provider, 'ada', 20);
    await expect(authorization.header()).rejects.toMatchObject({
      code: 'USHER_TOKEN_UNAVAILABLE',
      message: 'no token for agent ada: the TokenProvider has not answered for 20 ms',
    });
    expect(await authorization.header()).toBe('Bearer late');
    expect(provider.asked).toEqual(['ada first', 'ada first']);
  });

  it('that has failed for an expired token is told so again', async () => {
    const provider = new Provider((_agent, reason) => {
      if (reason === 'expired' && provider.asked.length < 3) throw new Error('not now');
      return `t${provider.asked.length}`;
    });
    const { requests, seen } = await requestsTo(provider, (token) => token !== 'Bearer t1');
    expect(await requests.send(post)).toMatchObject({ kind: 'not-sent' });
    expect(await requests.send(post)).toMatchObject({ kind: 'answered', httpStatus: 200 });
    expect(provider.asked).toEqual(['ada first', 'ada expired', 'ada expired']);
    expect(seen).toEqual(['Bearer t1', 'Bearer t3']);
  });

  it('leaves no token where the session can be printed', async () => {
    const { requests } = await requestsTo(new Provider(() => 'top-secret'), () => true);
    await requests.send(post);
    expect(inspect(requests, { depth: 12, showHidden: true })).not.toContain('top-secret');
  });
});
