import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfigInput, defineService, resolveConfig, TokenProvider } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { autoGreeter } from '../../bots/auto-greeter.ts';
import { fixture, readFixture } from './transport/local-server.ts';

const bots = [autoGreeter()];
const agents = [{ username: 'ada', password: 'secret', bots }];
const url = 'https://gws.example.test';

/** How the server is reached by a config whose `server` has these members, as a user without types could write them. */
const network = (server: object, env: Record<string, string> = {}) =>
  resolveConfig({ server: { url, ...server }, agents } as ConfigInput, env).network;

function refusal(server: object, env: Record<string, string> = {}): string {
  try {
    network(server, env);
  } catch (thrown) {
    if (thrown instanceof Error) return thrown.message;
  }
  return 'none';
}

function file(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'ca.pem');
  writeFileSync(path, content);
  return path;
}

describe('the headers of a config', () => {
  it('are taken as they are, with names in lower case', () => {
    expect(network({ headers: { 'X-API-Key': 'k-1', 'x-tenant': 'ünïted\ttenant' } }).headers).toEqual({
      'x-api-key': 'k-1',
      'x-tenant': 'ünïted\ttenant',
    });
  });

  it.each<[object, string]>([
    [
      { Authorization: 'x' },
      'Authorization is made from the password, or by a TokenProvider: see docs/connecting.md',
    ],
    [{ COOKIE: 'x' }, 'COOKIE is kept for each agent by itself'],
    [{ 'Proxy-Authorization': 'x' }, 'Proxy-Authorization is made from the credentials in server.proxy'],
    [{ Host: 'x' }, 'Host is for the connection to set'],
    [{ 'Content-Length': '1' }, 'Content-Length is for the connection to set'],
    [{ 'Sec-WebSocket-Key': 'x' }, 'Sec-WebSocket-Key is for the connection to set'],
    [{ 'X Tenant': 'x' }, 'X Tenant is no name of a header'],
    [{ 'X:': 'x' }, 'X: is no name of a header'],
    [{ '': 'x' }, ' is no name of a header'],
    [{ 'X-A': 'x', 'x-a': 'y' }, 'x-a is given twice'],
    [{ 'X-A': 'x\r\nX-B: y' }, 'X-A is given a value that no header can carry'],
    [{ 'X-A': '愛' }, 'X-A is given a value that no header can carry'],
    [{ 'X-A': 7 }, 'X-A: Invalid input: expected string, received number'],
    [{ 'X-A': undefined }, 'X-A is missing'],
  ])('%j are refused', (headers, message) => {
    expect(refusal({ headers })).toBe(`server.headers.${message}`);
  });

  it('are refused without their values', () => {
    expect(refusal({ headers: { Authorization: 'Bearer t0p', 'X-A': 't0p\n' } })).not.toContain('t0p');
  });
});

describe('the proxy of a config', () => {
  const proxy = 'http://desk:s3cret@proxy.example.test:3128';

  it('is the one that is given, whatever the environment says', () => {
    expect(network({ proxy }, { HTTPS_PROXY: 'http://other', NO_PROXY: '*' }).proxy).toBe(proxy);
  });

  it('is none if it is false', () => {
    expect(network({ proxy: false }, { HTTPS_PROXY: proxy }).proxy).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string | undefined]>([
    [url, { HTTPS_PROXY: proxy }, proxy],
    [url, { https_proxy: proxy, HTTPS_PROXY: 'http://other' }, proxy],
    [url, { HTTP_PROXY: proxy }, undefined],
    [url, { HTTPS_PROXY: 'proxy.example.test:3128' }, 'http://proxy.example.test:3128'],
    [url, { HTTPS_PROXY: '' }, undefined],
    ['http://gws.example.test', { HTTP_PROXY: proxy }, proxy],
    ['http://gws.example.test', { HTTPS_PROXY: proxy }, undefined],
    ['http://localhost:8080', { HTTP_PROXY: proxy }, undefined],
    ['http://127.0.0.1:8080', { HTTP_PROXY: proxy }, undefined],
    ['http://[::1]:8080', { HTTP_PROXY: proxy }, undefined],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: 'gws.example.test' }, undefined],
    [url, { HTTPS_PROXY: proxy, no_proxy: 'other, EXAMPLE.test' }, undefined],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: '.example.test' }, undefined],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: '*.example.test' }, undefined],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: 'gws.example.test:443' }, undefined],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: 'gws.example.test:8443' }, proxy],
    [url, { HTTPS_PROXY: proxy, NO_PROXY: 'ws.example.test ample.test' }, proxy],
    ['http://[fd00::1]', { HTTP_PROXY: proxy, NO_PROXY: 'fd00::1' }, proxy],
    ['http://[fd00::1]', { HTTP_PROXY: proxy, NO_PROXY: '[fd00::1]' }, undefined],
  ])('for %s in %j is %s', (server, env, expected) => {
    expect(network({ url: server }, env).proxy).toBe(expected);
  });

  it('is none where the simulator is the server', () => {
    expect(resolveConfig({ server: { proxy }, agents }, { HTTP_PROXY: proxy }).network).toEqual({});
  });

  it.each([
    [{ proxy: 'socks5://proxy' }, {}, 'server.proxy: must be an http or https URL, or false'],
    [{ proxy: 'desk:s3cret@proxy' }, {}, 'server.proxy: must be an http or https URL, or false'],
    [{}, { HTTPS_PROXY: 'socks5://desk:s3cret@proxy' }, 'HTTPS_PROXY must be an http or https URL'],
    [{}, { https_proxy: 'http://desk:s3cret@' }, 'https_proxy must be an http or https URL'],
  ])('%o in %o is refused, without a word of it', (server, env, message) => {
    expect(refusal(server, env as Record<string, string>)).toBe(message);
  });
});

describe('the authority of a config', () => {
  it('is read from its file, certificates only', () => {
    const path = file(`Usher test authority\n${readFixture('ca.pem')}${readFixture('server-key.pem')}`);
    expect(network({ ca: path }).ca).toBe(readFixture('ca.pem').trim());
  });

  it('may be several', () => {
    const path = file(readFixture('ca.pem') + readFixture('server.pem'));
    expect(network({ ca: path }).ca?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  it.each<[string, () => string, RegExp]>([
    [
      'is not there',
      () => '/no/such/ca.pem',
      /^server\.ca: the file cannot be read: ENOENT.*\/no\/such\/ca\.pem/,
    ],
    ['is a folder', () => tmpdir(), /^server\.ca: the file cannot be read: EISDIR/],
    ['is something else', () => file('hello'), /^server\.ca: .*ca\.pem holds no certificate in PEM/],
    ['is a key', () => fixture('server-key.pem'), /^server\.ca: .* holds no certificate in PEM/],
    [
      'is broken',
      () => file('-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n'),
      /^server\.ca: .* holds a certificate that cannot be read/,
    ],
  ])('is refused if the file %s', (_what, path, message) => {
    expect(refusal({ ca: path() })).toMatch(message);
  });
});

describe('the transports of a config', () => {
  it('are long polling, or web sockets before it', () => {
    expect(network({}).transports).toEqual(['long-polling']);
    const transports = ['websocket', 'long-polling'];
    expect(network({ transports }).transports).toEqual(transports);
  });

  it.each([[[]], [['websocket']], [['long-polling', 'websocket']], [['callback-polling']], ['websocket']])(
    'are not %j',
    (transports) => {
      expect(refusal({ transports })).toBe(
        "server.transports: must be ['long-polling'] or ['websocket', 'long-polling']",
      );
    },
  );
});

describe('a config with a TokenProvider', () => {
  class Issuer extends TokenProvider {
    override token(): string {
      return 't';
    }
  }
  const services = [defineService({ token: TokenProvider, create: () => new Issuer() })];

  it('needs no passwords', () => {
    const config = resolveConfig({ server: { url }, agents: [{ username: 'ada', bots }], services });
    expect(config.agents).toEqual([{ username: 'ada', bots }]);
  });

  it('has one for all agents', () => {
    expect(services.map(({ scope }) => scope)).toEqual(['host']);
  });
});
