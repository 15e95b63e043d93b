import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Agent, Part } from '../engine/part.ts';
import { done, type Result, refused, status } from '../engine/records.ts';
import type { Wire } from '../wire/wire.ts';
import type { Answer, Caller } from './call.ts';
import { sessionOf } from './server.ts';

type Found = Result & { readonly members?: object };

/** The chats of an agent as resources to be read (8.5.2 "Chat Resources"). */
export class Readings {
  readonly #wire: Wire;
  readonly #call: Caller;

  constructor(wire: Wire, call: Caller) {
    this.#wire = wire;
    this.#call = call;
  }

  /** Addresses, or with `fields=*` whole resources. */
  list(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { collection } = this.#wire.dialect;
    const { fields } = request.query as { fields?: string };
    return this.#read(request, reply, '', (agent) => {
      const resources = [...agent.parts.values()].map((part) => this.#wire.resource(part.snapshot()));
      const members =
        fields === '*' ? { [collection]: resources } : { uris: resources.map(({ uri }) => uri) };
      return { ...done, members };
    });
  }

  one(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
    const { resource } = this.#wire.dialect;
    const members = (part: Part) => ({ [resource]: this.#wire.resource(part.snapshot()) });
    return this.#read(
      request,
      reply,
      '/{id}',
      found(id, (part) => ({ ...done, members: members(part) })),
    );
  }

  /** The transcript from `startIndex` on, at most `count` lines; only who has joined may read it. */
  messages(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
    const { startIndex = '1', count } = request.query as { startIndex?: string; count?: string };
    const transcript = (part: Part): Found => {
      if (![startIndex, count ?? '0'].every((text) => /^\d+$/.test(text)))
        return refused(status.missingParameter, 'startIndex and count must be whole numbers');
      if (part.state === 'Invited' || part.state === 'JoinFailed')
        return refused(status.invalidState, `the transcript cannot be read in state ${part.state}`);
      const lines = part.chat.lines.filter(({ index }) => index >= Number(startIndex));
      const asked = count === undefined ? lines : lines.slice(0, Number(count));
      return { ...done, members: { messages: asked.map((line) => this.#wire.message(line)) } };
    };
    return this.#read(request, reply, '/{id}/messages', found(id, transcript));
  }

  #read(
    request: FastifyRequest,
    reply: FastifyReply,
    below: string,
    find: (agent: Agent) => Found,
  ): Promise<FastifyReply> {
    const { agent } = sessionOf(request);
    const answer = ({ status: statusCode, message, members }: Found): Answer => ({
      status: statusCode,
      body: { statusCode, ...(message !== undefined && { statusMessage: message }), ...members },
    });
    return this.#call(request, reply, {
      agent,
      scope: 'session',
      reading: true,
      operationName: `GET /me/${this.#wire.dialect.collection}${below}`,
      perform: () => answer(find(agent)),
      decline: answer,
    });
  }
}

function found(id: string, read: (part: Part) => Found): (agent: Agent) => Found {
  return ({ parts }) => {
    const part = parts.get(id);
    return part === undefined ? refused(status.notFound, `chat ${id} is not found`) : read(part);
  };
}
