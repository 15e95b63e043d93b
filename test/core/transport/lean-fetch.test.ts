import { describe, expect, it } from 'vitest';
import { RawHeaders } from '../../../core/transport/exchange.ts';
import { leanFetch } from '../../../core/transport/lean-fetch.ts';
import { localServer, type Received, testNetwork } from './local-server.ts';

describe('the lean fetch', () => {
  it('sends method, query, headers and body as they are given', async () => {
    const seen: Received[] = [];
    const origin = await localServer((received, response) => {
      seen.push(received);
      response.end();
    });
    const fetch = leanFetch(testNetwork().operations);
    const body = JSON.stringify({ text: 'Grüße 👋' });
    await fetch(`${origin}/me?a=1&b=%20#part`, { method: 'POST', body, headers: { 'X-Token': 't' } });
    await fetch(new Request(`${origin}/me`));
    expect(seen).toMatchObject([
      { method: 'POST', url: '/me?a=1&b=%20', headers: { 'x-token': 't' }, body },
      { method: 'GET', url: '/me', body: '' },
    ]);
  });

  it('follows no redirect: credentials stay with their server', async () => {
    let visits = 0;
    const elsewhere = await localServer((_received, response) => {
      visits += 1;
      response.end('caught');
    });
    const origin = await localServer((_received, response) =>
      response.writeHead(302, { location: `${elsewhere}/me` }).end(),
    );
    const answer = await leanFetch(testNetwork().operations)(origin, {
      headers: { authorization: 'Basic x' },
    });
    expect(answer.status).toBe(302);
    expect(visits).toBe(0);
  });

  it.each([204, 304])('brings back HTTP %i, which has no body', async (status) => {
    const origin = await localServer((_received, response) => response.writeHead(status).end());
    const answer = await leanFetch(testNetwork().operations)(origin);
    expect([answer.status, await answer.text()]).toEqual([status, '']);
  });

  it('is given up by its signal', async () => {
    const origin = await localServer(() => undefined);
    const abort = new AbortController();
    const answer = leanFetch(testNetwork().operations)(origin, { signal: abort.signal });
    abort.abort(new Error('no longer needed'));
    await expect(answer).rejects.toThrow('no longer needed');
  });

  it('reads letters that are cut into single bytes', async () => {
    const words = 'Grüße, 愛子 👋';
    const origin = await localServer((_received, response) => {
      const bytes = [...Buffer.from(words)];
      const next = (): void => {
        const byte = bytes.shift();
        if (byte === undefined) response.end();
        else response.write(Buffer.from([byte]), () => setImmediate(next));
      };
      next();
    });
    expect(await (await leanFetch(testNetwork().operations)(origin)).text()).toBe(words);
  });
});

describe('headers', () => {
  it('keep every cookie apart', () => {
    const headers = new RawHeaders({ 'set-cookie': ['a=1; Path=/', 'b=2'], 'x-one': 'x', none: undefined });
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect([...headers.whole().keys()].toSorted()).toEqual(['set-cookie', 'set-cookie', 'x-one']);
  });
});
