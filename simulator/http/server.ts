import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Agent } from '../engine/part.ts';
import { status } from '../engine/records.ts';
import type { WireExchange } from '../options.ts';
import type { Answer } from './call.ts';
import type { HttpSession, HttpSessions } from './sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    session: HttpSession | undefined;
  }
}

export interface ServerOptions {
  readonly sessions: HttpSessions;
  readonly csrf: boolean;
  readonly httpErrorMapping: boolean;
  readonly onExchange: ((exchange: WireExchange) => void) | undefined;
  /** It is known who asks on a socket. */
  readonly onCaller: (agent: Agent, socket: Socket) => void;
}

/** Below which everything lives; the 8.5.0 page writes its paths without it. */
export const bases = ['/api/v2', ''] as const;

/** Paths that answer without a log-in. */
const open = /^(\/api\/v2)?\/(diagnostics\/version|chats(\/|\?|$))/;

const csrfHeader = 'X-CSRF-TOKEN';

/** The HTTP side: who is asking, the CSRF token, errors in the words of GWS, and what crossed the wire. */
export function createServer({
  sessions,
  csrf,
  httpErrorMapping,
  onExchange,
  onCaller,
}: ServerOptions): FastifyInstance {
  const server = Fastify({ bodyLimit: 4 * 1_048_576, forceCloseConnections: true, keepAliveTimeout: 60_000 });
  server.decorateRequest('session', undefined);

  server.addHook('onRequest', async (request, reply) => {
    const { headers, url, method } = request;
    // A CometD client gets no cookie from us: its requests show the session of the others, or log in anew.
    const cometd = url.includes('/notifications');
    const found = cometd ? undefined : sessions.of(headers);
    const session = found?.session ?? sessions.known(headers);
    request.session = session;
    const agent = session?.agent ?? (cometd ? sessions.agentOf(headers) : undefined);
    if (agent !== undefined) onCaller(agent, request.raw.socket);
    if (session === undefined) {
      if (agent === undefined) return open.test(url) ? undefined : denyAccess(reply);
      return csrf ? refuseToken(reply) : undefined;
    }
    if (found?.isNew === true) remember(session, reply);
    if (!csrf) return undefined;
    if (method === 'GET') {
      reply.header('X-CSRF-HEADER', csrfHeader).header(csrfHeader, session.csrfToken);
    } else if (headers[csrfHeader.toLowerCase()] !== session.csrfToken) {
      return refuseToken(reply);
    }
    return undefined;
  });

  server.addHook('onSend', async (request, reply, payload) => {
    onExchange?.({
      kind: 'http',
      method: request.method,
      url: request.url,
      request: request.body ?? null,
      status: reply.statusCode,
      reply: typeof payload === 'string' ? parsed(payload) : null,
    });
    return payload;
  });

  server.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
    const isTheirs = (error.statusCode ?? 500) < 500;
    const [statusCode, statusMessage] = isTheirs
      ? [status.missingParameter, `the request cannot be read: ${error.message}`]
      : [status.internalError, 'internal error'];
    return send(reply, { status: statusCode, body: { statusCode, statusMessage } }, httpErrorMapping);
  });
  server.setNotFoundHandler((request, reply) => {
    return reply
      .code(404)
      .send({ statusCode: status.notFound, statusMessage: `${request.method} ${request.url} is not found` });
  });
  return server;
}

export function denyAccess(reply: FastifyReply): FastifyReply {
  return reply.code(401).send({
    statusCode: status.notAuthenticated,
    statusMessage: 'Access denied: authentication is required',
  });
}

/** Gives the client the cookie of its new session. */
export function remember(session: HttpSession, reply: FastifyReply): void {
  reply.header('Set-Cookie', `JSESSIONID=${session.id}; Path=/; HttpOnly; SameSite=Lax`);
}

/** 8.5.2 "CSRF Protection". */
export function refuseToken(reply: FastifyReply): FastifyReply {
  return reply.code(403).type('text/plain').send('Missing or invalid Csrf token');
}

/** HTTP says 200 to everything that GWS has answered, unless told otherwise (inference). */
export function send(reply: FastifyReply, { status: code, body }: Answer, mapped: boolean): FastifyReply {
  return reply.code(mapped ? httpStatusOf(code) : 200).send(body);
}

function httpStatusOf(code: number): number {
  const statuses: Readonly<Record<number, number>> = {
    0: 200,
    1: 400,
    2: 400,
    3: 403,
    4: 500,
    5: 403,
    6: 404,
    20: 401,
  };
  return statuses[code] ?? 400;
}

/** The agent's session; requests without one never get this far. */
export function sessionOf(request: FastifyRequest): HttpSession {
  if (request.session === undefined) throw new Error('a route that needs a session was left open');
  return request.session;
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}
