import type { FastifyInstance } from 'fastify';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Agent } from '../engine/part.ts';
import { done, type Result, refused, status } from '../engine/records.ts';
import { Body } from '../wire/body.ts';
import type { Wire } from '../wire/wire.ts';
import type { Caller } from './call.ts';
import { bases, sessionOf } from './server.ts';
import type { HttpSession } from './sessions.ts';

export interface SessionRoutesOptions {
  readonly centre: ContactCentre;
  readonly wire: Wire;
  readonly call: Caller;
  readonly origin: () => string;
  /** Refuses an operation on purpose; the operation then changes nothing. */
  readonly planned: (agent: Agent, operationName: string) => Result | undefined;
  /** An agent has logged out: nothing of its session may live on. */
  readonly onEnd: (session: HttpSession) => void;
}

/** Ids of the two states every catalogue has (8.5.0 "Query Agent State"). */
const stateIds = {
  Ready: '9430250E-0A1B-421F-B372-F29E69366DED',
  NotReady: '900D55CC-2BB0-431F-8BF9-D3525B383BE6',
};

/** What an agent's desktop calls about itself: version, `/me`, channel state. */
export function addSessionRoutes(server: FastifyInstance, options: SessionRoutesOptions): void {
  const { centre, wire, call, origin, planned, onEnd } = options;
  const { dialect } = wire;

  const perform = (operationName: string, body: Body, http: HttpSession): Result => {
    const { agent } = http;
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
  const performOnChannel = (operationName: string, channel: string, agent: Agent): Result => {
    if (channel !== 'chat') return refused(status.notFound, `channel ${channel} is not found`);
    return operationName === 'Ready' || operationName === 'NotReady'
      ? centre.setReady(agent, operationName === 'Ready')
      : refused(status.missingParameter, `state ${operationName || 'without a name'} is not known`);
  };

  for (const base of bases) {
    server.get(`${base}/diagnostics/version`, async () => ({ statusCode: 0, version: dialect.version }));

    server.get<{ Querystring: { subresources?: string } }>(`${base}/me`, async (request, reply) => {
      const { agent } = sessionOf(request);
      const withParts = request.query.subresources === '*';
      return call(request, reply, {
        agent,
        scope: 'session',
        reading: true,
        operationName: 'GET /me',
        perform: () => {
          const parts = [...agent.parts.values()].map((part) => wire.resource(part.snapshot()));
          const subresources = withParts ? { [dialect.collection]: parts } : {};
          return { status: 0, body: { statusCode: 0, user: { ...user(agent, origin()), ...subresources } } };
        },
        decline: (result) => ({ status: result.status, body: wire.reply('', result) }),
      });
    });

    server.post(`${base}/me`, async (request, reply) => {
      const body = new Body(request.body);
      const operationName = body.text('operationName') ?? '';
      const session = sessionOf(request);
      const answer = (result: Result) => ({
        status: result.status,
        body: wire.reply(operationName, result),
      });
      return call(request, reply, {
        agent: session.agent,
        scope: 'session',
        reading: false,
        operationName,
        perform: () => answer(planned(session.agent, operationName) ?? perform(operationName, body, session)),
        decline: answer,
      });
    });

    server.post<{ Params: { channel: string } }>(`${base}/me/channels/:channel`, async (request, reply) => {
      const operationName = new Body(request.body).text('operationName') ?? '';
      const { agent } = sessionOf(request);
      const answer = (result: Result) => ({
        status: result.status,
        body: wire.reply(operationName, result),
      });
      return call(request, reply, {
        agent,
        scope: 'session',
        reading: false,
        operationName,
        perform: () =>
          answer(
            planned(agent, operationName) ?? performOnChannel(operationName, request.params.channel, agent),
          ),
        decline: answer,
      });
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
    chats: [],
    uri: `${origin}/api/v2/users/${agent.id}`,
    path: `/users/${agent.id}`,
  };
}
