import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Agent } from '../engine/part.ts';
import type { Result } from '../engine/records.ts';
import type { Wire } from '../wire/wire.ts';
import type { Answer, Caller } from './call.ts';
import { sessionOf } from './server.ts';

/** An operation that an agent's client asked for. */
export interface ReceivedOperation {
  readonly username: string;
  readonly interactionId: string;
  readonly operationName: string;
  /** 0: done. */
  readonly status: number;
  /** Whether anything came of it: a fault may answer 0 to what it prevents. */
  readonly effect: boolean;
}

export interface OperatingOptions {
  readonly centre: ContactCentre;
  readonly wire: Wire;
  readonly call: Caller;
  /** Refuses an operation on purpose; the operation then changes nothing. */
  readonly planned: (agent: Agent, operationName: string) => Result | undefined;
  /** Called with what comes of it, before the reply. `note`: how an ambiguous operation was understood. */
  readonly onOperation: (
    agent: Agent,
    operation: ReceivedOperation,
    details: { readonly message?: string | undefined; readonly note?: string | undefined },
  ) => void;
}

/** An agent's operation on one of its interactions. */
export type Operate = (request: FastifyRequest, reply: FastifyReply, id: string) => Promise<FastifyReply>;

export function operating({ centre, wire, call, planned, onOperation }: OperatingOptions): Operate {
  return (request, reply, id) => {
    const { agent } = sessionOf(request);
    const part = agent.parts.get(id);
    const alone = part?.parent !== undefined || part?.consultation?.state === 'Invited';
    const parsed = wire.parse(request.body, alone);
    const { operationName } = parsed;
    const possible = parsed.ok && centre.refusalOf(agent, id, parsed.command.intent) === undefined;
    const answer = (result: Result, effect: boolean): Answer => {
      const { status, message } = result;
      const { username } = agent;
      const note = parsed.ok ? parsed.note : undefined;
      onOperation(agent, { username, interactionId: id, operationName, status, effect }, { message, note });
      return { status: result.status, body: wire.reply(operationName, result) };
    };
    return call(request, reply, {
      agent,
      scope: 'operations',
      reading: false,
      operationName,
      interactionId: id,
      intent: possible ? parsed.command.intent : undefined,
      perform: () => {
        const result =
          planned(agent, operationName) ??
          (parsed.ok ? centre.perform(agent, id, parsed.command) : parsed.result);
        return answer(result, result.status === 0);
      },
      decline: (result) => answer(result, false),
    });
  };
}
