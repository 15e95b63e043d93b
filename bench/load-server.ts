import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { CometDServer, ServerMessage, ServerSession } from 'cometd-nodejs-server';
import type { FromServer, Load, ToServer } from './protocol.ts';

const require = createRequire(import.meta.url);
const { createCometDServer } = require('cometd-nodejs-server') as {
  createCometDServer(options: object): CometDServer;
};

/** One customer's chat with an agent. */
interface Chat {
  readonly id: string;
  readonly agent: string;
  accepted: boolean;
  index: number;
  /** How many lines the customer has written. */
  asked: number;
  /** When the lines that wait for their reply were published. */
  readonly waiting: Map<number, number>;
}

const topic = '/v2/me/interactions';
const customer = { type: 'Customer', nickname: 'Mia', participantId: 'P1' };
const agentRecord = (agent: string) => ({
  type: 'Agent',
  nickname: agent,
  participantId: 'P2',
  path: `/users/${agent}`,
});
const capabilities = ['SendMessage', 'SendNotification', 'StopProcessing', 'RequestChatHistory'];

/**
 * Just enough of GWS 8.5.0 to keep bots busy, in a process of its own: it invites, the bots accept, customers write,
 * and the time from the publishing of a line to the arrival of its reply is taken. Own lines come back to the agent,
 * as GWS sends them.
 */
const sessions = new Map<string, ServerSession>();
const chats = new Map<string, Chat>();
const byAgent = new Map<string, Chat[]>();
let latencies: number[] = [];
let measuring = false;
let closed = false;

const cometd = createCometDServer({ timeout: 20_000, maxInterval: 30_000, maxSessionsPerBrowser: -1 });
cometd.policy = {
  canHandshake: (
    session: ServerSession,
    _message: ServerMessage,
    go: (error: undefined, yes: boolean) => void,
  ) => {
    sessions.set(agentOf(cometd.context.request as IncomingMessage), session);
    go(undefined, true);
  },
};

function agentOf({ headers }: IncomingMessage): string {
  const code = (headers.authorization ?? '').replace('Basic ', '');
  return Buffer.from(code, 'base64').toString('utf8').split(':')[0] ?? '';
}

function tell(agent: string, data: object): void {
  sessions.get(agent)?.deliver(null, topic, data);
}

function state(chat: Chat, current: string): void {
  const interaction = {
    id: chat.id,
    state: current,
    interactionType: 'Inbound',
    capabilities: current === 'Invited' ? ['Accept', 'Reject'] : capabilities,
    participants: current === 'Invited' ? [] : [customer, agentRecord(chat.agent)],
    userData: { FirstName: 'Mia' },
  };
  tell(chat.agent, { messageType: 'InteractionStateChanged', notificationType: 'StatusChange', interaction });
}

function line(chat: Chat, type: string, from: object, text = ''): void {
  chat.index += 1;
  const messages = [{ index: chat.index, type, text, visibility: 'All', timestampSeconds: Date.now(), from }];
  tell(chat.agent, {
    messageType: 'MessageLogUpdated',
    notificationType: 'NewMessages',
    interactionId: chat.id,
    messages,
  });
}

function write(chat: Chat): void {
  chat.asked += 1;
  chat.waiting.set(chat.asked, performance.now());
  // Of varying length, as people write.
  line(chat, 'Text', customer, `${chat.asked} ${'word '.repeat(1 + (chat.asked % 20))}`);
}

function operate(agent: string, id: string, body: { operationName?: string; text?: string }): object {
  const chat = chats.get(id);
  if (chat === undefined) return { statusCode: 6, statusMessage: 'not found' };
  if (body.operationName === 'Accept') {
    chat.accepted = true;
    state(chat, 'Chatting');
    line(chat, 'ParticipantJoined', agentRecord(agent));
  }
  if (body.operationName === 'SendMessage') {
    const answered = Number.parseInt((body.text ?? '').replace('re: ', ''), 10);
    const since = chat.waiting.get(answered);
    chat.waiting.delete(answered);
    if (since !== undefined && measuring) latencies.push(performance.now() - since);
    if (since !== undefined && closed) setImmediate(write, chat);
    line(chat, 'Text', agentRecord(agent), body.text);
  }
  return { statusCode: 0 };
}

function respond(request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = request.url ?? '';
  if (url.startsWith('/api/v2/notifications')) {
    cometd.handle(Object.assign(request, { body: JSON.parse(body) }), response);
    return;
  }
  const agent = agentOf(request);
  let answer: object = { statusCode: 0 };
  if (request.method === 'GET') {
    const interactions = (byAgent.get(agent) ?? []).map(({ id, accepted }) => ({
      id,
      state: accepted ? 'Chatting' : 'Invited',
    }));
    answer = { statusCode: 0, user: { id: agent, firstName: agent, interactions } };
  } else if (url.startsWith('/api/v2/me/interactions/')) {
    answer = operate(agent, url.slice('/api/v2/me/interactions/'.length), JSON.parse(body));
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => respond(request, response, Buffer.concat(parts).toString('utf8')));
});
server.keepAliveTimeout = 120_000;

const send = (message: FromServer): void => void process.send?.(message);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function invite(perAgent: number): Promise<void> {
  for (const agent of sessions.keys()) {
    for (let count = byAgent.get(agent)?.length ?? 0; count < perAgent; count += 1) {
      const chat = {
        id: `C${chats.size}`,
        agent,
        accepted: false,
        index: 0,
        asked: 0,
        waiting: new Map<number, number>(),
      };
      chats.set(chat.id, chat);
      byAgent.set(agent, [...(byAgent.get(agent) ?? []), chat]);
      state(chat, 'Invited');
    }
  }
  while ([...chats.values()].some(({ accepted }) => !accepted)) await pause(5);
  send({ told: 'chatting', chats: chats.size });
}

async function run({ kind, rate, duration }: Load): Promise<void> {
  const all = [...chats.values()];
  closed = kind === 'closed';
  let due = 0;
  let last = performance.now();
  const pacing = setInterval(() => {
    if (closed) return;
    const now = performance.now();
    due += ((now - last) / 1_000) * rate;
    last = now;
    for (; due >= 1; due -= 1) write(all[Math.floor(Math.random() * all.length)] as Chat);
  }, 1);
  if (closed) for (const chat of all) write(chat);
  await pause(duration / 4);
  latencies = [];
  measuring = true;
  send({ told: 'measuring' });
  const began = performance.now();
  await pause(duration);
  measuring = false;
  closed = false;
  clearInterval(pacing);
  const seconds = (performance.now() - began) / 1_000;
  send({ told: 'measured', operations: latencies.length, seconds, latencies });
}

process.on('message', (message: ToServer) => {
  if (message.ask === 'load') void run(message.load);
  if (message.ask === 'chats') void invite(message.perAgent);
  if (message.ask === 'end') process.exit(0);
});
server.listen(0, '127.0.0.1', () => {
  send({ told: 'listening', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
