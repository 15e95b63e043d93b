import { randomUUID } from 'node:crypto';
import {
  type ConfigInput,
  defineBot,
  defineService,
  Host,
  type JournalEntry,
  Logger,
  resolveConfig,
  TokenProvider,
  type UsherConfig,
} from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbedded } from '../../../core/cli/demo/embedded-simulator.ts';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { GwsCalls } from '../../../core/session/gws-calls.ts';
import { type Finding, probeAgents } from '../../../core/session/probe-agent.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { HttpSession } from '../../../core/transport/http-session.ts';
import { Requests } from '../../../core/transport/requests.ts';
import { autoAccept } from '../../../plugins/auto-accept.ts';
import { greeter } from '../../../plugins/greeter.ts';
import { oneSeat, password, running, simulator } from '../../integration/contact-centre.ts';
import { connectTo, topic } from './connect-to.ts';
import { forwardProxy } from './forward-proxy.ts';
import { gate } from './gate.ts';
import { testNetwork } from './local-server.ts';

const greeting = defineBot({
  name: 'tested',
  plugins: [autoAccept(), greeter({ text: 'Hello {FirstName}' })],
});
const mia = { firstName: 'Mia', steps: [{ expect: 'Hello Mia' }] };
const basic = (username: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
const denied = { status: 401, body: '{"statusCode":20,"statusMessage":"Access denied"}' };

/** An issuer of tokens, and a gateway before GWS that takes only the latest token of each agent. */
class Issuer extends TokenProvider {
  readonly asked: string[] = [];
  readonly #valid = new Map<string, string>();

  override async token({ username }: { username: string }, reason: string): Promise<string> {
    this.asked.push(`${username} ${reason}`);
    const token = `${username}-${randomUUID()}`;
    this.#valid.set(username, token);
    return token;
  }

  /** Lets all tokens expire. */
  expire(): void {
    this.#valid.clear();
  }

  /** A server that knows passwords only, behind the gateway. */
  before(server: string): Promise<string> {
    return gate(server, ({ headers }) => {
      const token = headers.authorization?.replace(/^Bearer /, '');
      const [username] = [...this.#valid].find(([, valid]) => valid === token) ?? [];
      return username === undefined ? { refusal: denied } : { headers: { authorization: basic(username) } };
    });
  }
}

const byToken = (url: string, issuer: Issuer): ConfigInput => ({
  server: { url },
  agents: [{ username: 'Ada', nickname: 'Ada', bots: [greeting] }],
  services: [defineService({ token: TokenProvider, create: () => issuer })],
});

const statuses = (entries: readonly JournalEntry[]): string[] =>
  entries.flatMap((entry) => (entry.kind === 'session' ? [entry.status] : []));

describe('an agent that logs in by token', () => {
  it('serves chats, and has no password', async () => {
    const server = await simulator();
    const issuer = new Issuer();
    await running(byToken(await issuer.before(server.url), issuer));
    expect(await server.arrive(mia).done).toMatchObject({ served: true });
    expect(issuer.asked).toEqual(['Ada first']);
  });

  it('goes on in the same session when its token expires: requests and polls share the next', async () => {
    const server = await simulator({ cometd: { timeout: 200 } });
    const issuer = new Issuer();
    const { entries } = await running(byToken(await issuer.before(server.url), issuer));
    issuer.expire();
    expect(await server.arrive(mia).done).toMatchObject({ served: true });
    issuer.expire();
    expect(await server.arrive(mia).done).toMatchObject({ served: true });
    expect(issuer.asked).toEqual(['Ada first', 'Ada expired', 'Ada expired']);
    expect(statuses(entries)).toEqual(['starting', 'ready']);
  });

  it('is told what is wrong when there is no token', async () => {
    const server = await simulator();
    const issuer = new Issuer();
    issuer.token = () => Promise.reject(new Error('the issuer is down'));
    await expect(running(byToken(await issuer.before(server.url), issuer))).rejects.toMatchObject({
      code: 'USHER_TOKEN_UNAVAILABLE',
      message: 'no token for agent Ada: the issuer is down',
      fix: expect.stringContaining('TokenProvider'),
    });
  });

  it('is told what is wrong when its tokens are refused', async () => {
    const server = await simulator();
    const issuer = new Issuer();
    const url = await gate(server.url, () => ({ refusal: denied }));
    await expect(running(byToken(url, issuer))).rejects.toMatchObject({
      code: 'USHER_LOGIN_REFUSED',
      message: `${url} refuses the agent's token`,
    });
    expect(issuer.asked).toEqual(['Ada first', 'Ada expired']);
  });

  it('leaves no token in what is logged', async () => {
    const server = await simulator();
    const issuer = new Issuer();
    const lines: string[] = [];
    const note = (...line: unknown[]): void => void lines.push(JSON.stringify(line));
    class Notes extends Logger {
      override debug = note;
      override info = note;
      override warn = note;
      override error = note;
      override child = (): Notes => this;
    }
    const host = new Host(resolveConfig(byToken(await issuer.before(server.url), issuer)), new Notes());
    await host.start();
    issuer.expire();
    await server.arrive(mia).done;
    await host.stop();
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.join('\n')).not.toMatch(/Ada-[0-9a-f]{8}-/);
  });
});

describe('a config with a TokenProvider and no server', () => {
  it('runs on the embedded simulator, which knows passwords only', async () => {
    const { server: _server, ...config } = byToken('', new Issuer()) as UsherConfig;
    const demo = await startEmbedded(resolveConfig(config));
    onTestFinished(() => demo.simulator.close());
    const host = new Host(demo.config, silentLog);
    onTestFinished(async () => void (await host.stop()));
    expect(await host.start()).toEqual([]);
  });
});

describe('a check of the log-in', () => {
  const check = async (config: ConfigInput): Promise<Finding[]> => {
    const { origin = '', ...rest } = resolveConfig(config);
    return Array.fromAsync(probeAgents({ ...rest, origin }));
  };

  it('uses the tokens of the config', async () => {
    const server = await simulator();
    const issuer = new Issuer();
    const findings = await check(byToken(await issuer.before(server.url), issuer));
    expect(findings.map(({ subject, error }) => [subject, error?.code])).toEqual([
      ['services', undefined],
      ['server', undefined],
      ['agent Ada', undefined],
      ['agent Ada, notifications', undefined],
    ]);
  });

  it('names the proxy on the way', async () => {
    const server = await simulator();
    const { host } = await forwardProxy();
    const url = server.url.replace('127.0.0.1', 'gws.test');
    const proxy = `http://desk:s3cret@${host}`;
    const agents = [{ username: 'Ada', password, bots: [greeting] }];
    const findings = await check({ server: { url, proxy }, agents });
    expect(findings.map(({ error }) => error?.code)).toEqual([undefined, undefined, undefined]);
    expect(findings[0]?.detail).toContain(`${url} through the proxy http://${host} answers`);
  });

  it('says why there is no provider of tokens', async () => {
    abstract class Vault {}
    const services = [defineService({ token: TokenProvider, inject: [Vault], create: () => new Issuer() })];
    const config = { server: { url: 'http://127.0.0.1:1' }, agents: [{ username: 'Ada', bots: [greeting] }] };
    expect(await check({ ...config, services })).toMatchObject([
      { subject: 'services', error: { code: 'USHER_BINDING', message: expect.stringContaining('Vault') } },
    ]);
  });
});

describe('cookies alone', () => {
  it('carry requests and notifications', async () => {
    const server = await simulator();
    const dialect = gws850();
    const network = testNetwork();
    const known = new HttpSession(server.url, { username: 'Ada', password });
    await new GwsCalls(new Requests(known, network, { basePath: '/api/v2' }), dialect, server.url).me();

    const http = new HttpSession(server.url, { username: 'Ada' });
    http.absorb(server.url, new Headers({ 'set-cookie': `JSESSIONID=${known.id}; Path=/` }));
    const requests = new Requests(http, network, { basePath: '/api/v2' });
    expect(await new GwsCalls(requests, dialect, server.url).me()).toMatchObject({ firstName: 'Ada' });
    const { first } = connectTo(`${server.url}/api/v2`, { http, network, topics: [topic] });
    await first('subscribed');
    server.notify('Ada', { hello: 'Ada' });
    expect(await first('message')).toMatchObject({ data: { hello: 'Ada' } });
    expect(http.id).toBe(known.id);
  });
});

describe('CSRF protection', () => {
  /** Protects a server by a token that can be changed; counts what was sent. */
  async function protecting(server: string) {
    let token: string = randomUUID();
    const sent: string[] = [];
    const url = await gate(server, ({ method = '', url: path = '', headers }) => {
      sent.push(`${method} ${path}`);
      const answer = { 'x-csrf-header': 'X-Our-Token', 'x-our-token': token };
      if (method === 'GET') return { answer };
      if (headers['x-our-token'] === token) return {};
      return { refusal: { status: 403, body: 'Missing or invalid Csrf token' } };
    });
    const change = (): void => {
      token = randomUUID();
    };
    return { url, sent, change };
  }

  it('is met by operations and polls, also when the token changes', async () => {
    const server = await simulator({ cometd: { timeout: 200 } });
    const { url, change } = await protecting(server.url);
    const { entries } = await running(oneSeat(url, greeting));
    for (let n = 0; n < 3; n += 1) {
      change();
      expect(await server.arrive(mia).done).toMatchObject({ served: true });
    }
    expect(statuses(entries)).toEqual(['starting', 'ready']);
  });

  it('that refuses polls whatever they carry ends the session, and no poll is sent over and over', async () => {
    const server = await simulator({ cometd: { timeout: 100 } });
    let isOpen = true;
    const sent: string[] = [];
    const url = await gate(server.url, ({ method = '', url: path = '' }) => {
      if (!isOpen) sent.push(`${method} ${path.replace(/\?.*/, '')}`);
      return isOpen || method === 'GET'
        ? {}
        : { refusal: { status: 403, body: 'Missing or invalid Csrf token' } };
    });
    const http = new HttpSession(url, { username: 'Ada', password, csrfPath: '/api/v2/me' });
    const { first, failure } = connectTo(`${url}/api/v2`, { http });
    await first('subscribed');
    isOpen = false;
    expect(await failure()).toMatchObject({ message: 'the CometD session is lost: HTTP 403' });
    expect(sent).toEqual([
      'POST /api/v2/notifications/connect',
      'GET /api/v2/me',
      'POST /api/v2/notifications/connect',
    ]);
  });
});
