import { CometD, LongPollingTransport, type TransportPacket, type TransportRequest } from 'cometd';
import { adapt } from 'cometd-nodejs-client';
import ky from 'ky';
import { Agent, Pool } from 'undici';
import { leanFetch } from '../../core/transport/lean-fetch.ts';
import { answerUsage, tellConductor } from './answer-usage.ts';

/**
 * What somebody would write in an afternoon: subscribe, accept, answer. No order, no duplicates, no recovery. With
 * undici's Pool it is the bar that Usher is measured against; with ky it shows what that costs.
 */
const [url = '', sessions = '1', http = 'hand-written'] = process.argv.slice(2);

const { debug } = console;
adapt();
console.debug = debug;
const quiet = (): void => undefined;
(globalThis as unknown as { window: { console: object } }).window.console = {
  debug: quiet,
  info: quiet,
  warn: quiet,
};

const pool = new Pool(url, { connections: 64 });
const polls = new Agent();

type Post = (path: string, body: object, authorization: string) => Promise<unknown>;

const direct: Post = async (path, body, authorization) => {
  const answer = await pool.request({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(body),
  });
  return answer.body.json();
};
const throughKy =
  (client: typeof ky): Post =>
  (path, body, authorization) =>
    client.post(`${url}${path}`, { json: body, headers: { authorization }, retry: 0 }).json();
const posts: Record<string, Post> = {
  'hand-written': direct,
  'plain ky': throughKy(ky),
  'lean ky': throughKy(ky.create({ fetch: leanFetch(pool) as typeof fetch })),
};
const post = posts[http] ?? direct;

class Polling extends LongPollingTransport {
  readonly #authorization: string;
  #cookie = '';

  constructor(authorization: string) {
    super();
    this.#authorization = authorization;
  }

  override xhrSend({ url: to, body, onSuccess, onError }: TransportPacket): TransportRequest {
    const { pathname } = new URL(to);
    const headers = {
      'content-type': 'application/json',
      authorization: this.#authorization,
      cookie: this.#cookie,
    };
    polls
      .request({ origin: url, path: pathname, method: 'POST', headers, body })
      .then(async (answer) => {
        const set = answer.headers['set-cookie'];
        if (set !== undefined)
          this.#cookie = [set]
            .flat()
            .map((one) => one.split(';')[0])
            .join('; ');
        onSuccess((await answer.body.text()) as never);
      })
      .catch((thrown) => onError('failed', thrown));
    return { readyState: 1, status: 0, abort: quiet };
  }
}

interface Data {
  readonly messageType: string;
  readonly interactionId: string;
  readonly interaction: { readonly id: string; readonly state: string };
  readonly messages: readonly {
    readonly type: string;
    readonly text: string;
    readonly from: { readonly type: string };
  }[];
}

async function login(at: number): Promise<void> {
  const name = `agent${at}`;
  const authorization = `Basic ${Buffer.from(`${name}:secret`).toString('base64')}`;
  const operate = (id: string, body: object): void =>
    void post(`/api/v2/me/interactions/${id}`, body, authorization);
  const cometd = new CometD();
  cometd.unregisterTransports();
  cometd.registerTransport('long-polling', new Polling(authorization));
  cometd.configure({ url: `${url}/api/v2/notifications`, logLevel: 'warn' });
  const onMessage = ({ data }: { data: Data }): void => {
    if (data.messageType === 'MessageLogUpdated') {
      for (const { type, text, from } of data.messages) {
        if (type === 'Text' && from.type === 'Customer')
          operate(data.interactionId, { operationName: 'SendMessage', text: `re: ${text}` });
      }
    } else if (data.interaction.state === 'Invited') {
      operate(data.interaction.id, { operationName: 'Accept', nickname: name });
    }
  };
  await new Promise<void>((resolve) => {
    cometd.handshake(() => {
      cometd.subscribe('/v2/me/interactions', onMessage as never, () => resolve());
    });
  });
}

answerUsage();
await Promise.all(Array.from({ length: Number(sessions) }, (_, at) => login(at)));
tellConductor({ told: 'ready' });
