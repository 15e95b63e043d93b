import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Agent } from '../engine/part.ts';
import { done, type Result, refused, status } from '../engine/records.ts';
import { Body } from '../wire/body.ts';
import type { Wire } from '../wire/wire.ts';
import { bases, sendResult, sessionOf } from './server.ts';
import type { HttpSession } from './sessions.ts';

export interface AgentRoutesOptions {
  readonly centre: ContactCentre;
  readonly wire: Wire;
  readonly mapped: boolean;
  readonly origin: () => string;
  /** Refuses an operation on purpose; the operation then changes nothing. */
  readonly planned: (agent: Agent, operationName: string) => Result | undefined;
  /** An agent has logged out: nothing of its session may live on. */
  readonly onEnd: (session: HttpSession) => void;
  /** Called with what is done to a chat, before the reply. */
  readonly onOperation: (
    agent: Agent,
    interactionId: string,
    operationName: string,
    result: Result,
    note?: string,
  ) => void;
}

/** Ids of the two states every catalogue has (8.5.0 "Query Agent State"). */
const stateIds = {
  Ready: '9430250E-0A1B-421F-B372-F29E69366DED',
  NotReady: '900D55CC-2BB0-431F-8BF9-D3525B383BE6',
};

/** What an agent's desktop calls: version, `/me`, channel state, and the operations on interactions. */
export function addAgentRoutes(server: FastifyInstance, options: AgentRoutesOptions): void {
  const { centre, wire, mapped, origin, planned, onEnd, onOperation } = options;
  const answer = (reply: FastifyReply, operationName: string, result: Result): FastifyReply =>
    sendResult(reply, wire.reply(operationName, result), result, mapped);

  const session = (operationName: string, body: Body, http: HttpSession): Result => {
    const { agent } = http;
    const refusal = planned(agent, operationName);
    if (refusal !== undefined) return refusal;
    switch (operationName) {
      case 'StartContactCenterSession':
        centre.logIn(agent);
        return done;
      case 'EndContactCenterSession':
        centre.logOut(agent);
        onEnd(http);
        return done;
      case 'Ready':
      case 'NotReady':
        return centre.setReady(agent, operationName === 'Ready');
      default:
        return refused(
          status.missingParameter,
          body.fault(false) ?? `operation ${operationName || 'without a name'} is not known`,
        );
    }
  };

  for (const base of bases) {
    server.get(`${base}/diagnostics/version`, async () => ({
      statusCode: 0,
      version: '8.5.000.00-simulated',
    }));

    server.get<{ Querystring: { subresources?: string } }>(`${base}/me`, async (request) => {
      const { agent } = sessionOf(request);
      const withParts = request.query.subresources === '*';
      const parts = [...agent.parts.values()].map((part) =>
        wire.resource({ kind: 'participants', part: part.snapshot() }, origin()),
      );
      return { statusCode: 0, user: { ...user(agent, origin()), ...(withParts && { interactions: parts }) } };
    });

    server.post(`${base}/me`, async (request, reply) => {
      const body = new Body(request.body);
      const operationName = body.text('operationName') ?? '';
      return answer(reply, operationName, session(operationName, body, sessionOf(request)));
    });

    server.post<{ Params: { channel: string } }>(`${base}/me/channels/:channel`, async (request, reply) => {
      const body = new Body(request.body);
      const operationName = body.text('operationName') ?? '';
      if (request.params.channel !== 'chat') {
        return answer(
          reply,
          operationName,
          refused(status.notFound, `channel ${request.params.channel} is not found`),
        );
      }
      const { agent } = sessionOf(request);
      const isState = operationName === 'Ready' || operationName === 'NotReady';
      const result =
        planned(agent, operationName) ??
        (isState
          ? centre.setReady(agent, operationName === 'Ready')
          : refused(status.missingParameter, `state ${operationName || 'without a name'} is not known`));
      return answer(reply, operationName, result);
    });

    server.post<{ Params: { id: string } }>(`${base}/me/interactions/:id`, async (request, reply) => {
      const { agent } = sessionOf(request);
      const part = agent.parts.get(request.params.id);
      const alone = part?.parent !== undefined || part?.consultation?.state === 'Invited';
      const parsed = wire.parse(request.body, alone);
      const { operationName } = parsed;
      const result =
        planned(agent, operationName) ??
        (parsed.ok ? centre.perform(agent, request.params.id, parsed.command) : parsed.result);
      onOperation(agent, request.params.id, operationName, result, parsed.ok ? parsed.note : undefined);
      return answer(reply, operationName, result);
    });
  }
}

/** The user resource (a dump of 8.5.2, trimmed). */
function user(agent: Agent, origin: string): object {
  const state = agent.ready ? 'Ready' : 'NotReady';
  const channels = [{ channel: 'chat', userState: { id: stateIds[state], displayName: state, state } }];
  return {
    id: agent.id,
    userName: agent.username,
    firstName: agent.firstName,
    lastName: agent.lastName,
    roles: ['ROLE_AGENT'],
    enabled: true,
    skills: agent.skills.map((name) => ({ name, level: '1' })),
    channels: agent.loggedIn ? channels : [],
    channelStates: agent.loggedIn ? channels : [],
    interactions: [],
    uri: `${origin}/api/v2/users/${agent.id}`,
    path: `/users/${agent.id}`,
  };
}
