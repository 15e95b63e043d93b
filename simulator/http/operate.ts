import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Agent } from '../engine/part.ts';
import type { Result } from '../engine/records.ts';
import type { Wire } from '../wire/wire.ts';
import type { Answer, Caller } from './call.ts';
import { sessionOf } from './server.ts';

export interface OperatingOptions {
  readonly centre: ContactCentre;
  readonly wire: Wire;
  readonly call: Caller;
  /** Refuses an operation on purpose; the operation then changes nothing. */
  readonly planned: (agent: Agent, operationName: string) => Result | undefined;
  /** Called with what is done to a chat, before the reply. */
  readonly onOperation: (
    agent: Agent,
    interactionId: string,
    operationName: string,
    result: Result,
    note?: string,
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
    const answer = (result: Result): Answer => {
      onOperation(agent, id, operationName, result, parsed.ok ? parsed.note : undefined);
      return { status: result.status, body: wire.reply(operationName, result) };
    };
    return call(request, reply, {
      agent,
      operationName,
      interactionId: id,
      intent: possible ? parsed.command.intent : undefined,
      perform: () =>
        answer(
          planned(agent, operationName) ??
            (parsed.ok ? centre.perform(agent, id, parsed.command) : parsed.result),
        ),
      answer,
    });
  };
}
