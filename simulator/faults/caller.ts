import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SimulatorClock } from '../clock.ts';
import type { Mishaps } from '../engine/mishaps.ts';
import type { Part } from '../engine/part.ts';
import { done, type Result, refused, status } from '../engine/records.ts';
import type { Answer, Call, Caller } from '../http/call.ts';
import { denyAccess, refuseToken, remember, send } from '../http/server.ts';
import type { HttpSessions } from '../http/sessions.ts';
import type { FaultKind } from './catalogue.ts';
import type { Faults } from './faults.ts';
import type { Hit } from './hit.ts';

export interface FaultyCallerOptions {
  readonly faults: Faults;
  readonly clock: SimulatorClock;
  readonly sessions: HttpSessions;
  readonly mishaps: Mishaps;
  readonly csrf: boolean;
  readonly mapped: boolean;
  /** Sends the notifications that wait. */
  readonly flush: () => void;
  /** Forgets the agent's HTTP and CometD sessions. */
  readonly forget: (username: string) => void;
  readonly restart: (downFor: number) => void;
}

/** A call on its way, with what went wrong with it. */
interface Failing {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly call: Call;
  readonly hit: Hit;
}

/** Those that strike before any effect come first. */
const kinds = [
  'restart',
  'expireHttp',
  'csrf403',
  'http5xx',
  'statusCode4',
  'cutBefore',
  'hang',
  'slow',
  'cutAfter',
  'lateEffect',
  'error500AfterEffect',
  'revokeDuringAccept',
  'joinFailed',
  'errorEvent',
  'eventBeforeReply',
] as const satisfies readonly FaultKind[];
type CallFault = (typeof kinds)[number];

/** Does the calls of agents, and lets at most one fault happen to each. */
export function faultyCaller(options: FaultyCallerOptions): Caller {
  const { faults, clock, sessions, mishaps, csrf, mapped, flush, forget, restart } = options;

  const applies = (kind: FaultKind, { reading, intent }: Call): boolean => {
    switch (kind) {
      case 'csrf403':
        return csrf && !reading;
      case 'cutAfter':
      case 'lateEffect':
      case 'error500AfterEffect':
        return !reading;
      case 'revokeDuringAccept':
      case 'joinFailed':
        return intent === 'accept';
      case 'errorEvent':
      case 'eventBeforeReply':
        return intent !== undefined;
      default:
        return true;
    }
  };
  const answer = ({ reply }: Failing, given: Answer): FastifyReply => send(reply, given, mapped);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
  const cut = ({ reply }: Failing): FastifyReply => {
    reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  };

  const handlers: Readonly<Record<CallFault, (failing: Failing) => FastifyReply | Promise<FastifyReply>>> = {
    restart: ({ reply, hit }) => {
      reply.hijack();
      restart(hit.ms);
      return reply;
    },
    expireHttp: (failing) => {
      const { request, reply, call } = failing;
      forget(call.agent.username);
      const found = sessions.of(request.headers);
      if (found === undefined) return denyAccess(reply);
      remember(found.session, reply);
      return csrf && !call.reading ? refuseToken(reply) : answer(failing, call.perform());
    },
    csrf403: ({ request, reply }) => {
      if (request.session !== undefined) sessions.changeToken(request.session);
      return refuseToken(reply);
    },
    http5xx: ({ reply }) => reply.code(503).type('text/plain').send('Service Unavailable'),
    statusCode4: (failing) =>
      answer(failing, failing.call.decline(refused(status.internalError, 'internal error'))),
    cutBefore: cut,
    hang: ({ reply, call, hit }) => {
      const { effect } = hit;
      hit.note(effect ? 'after the effect' : 'before the effect');
      if (effect) call.perform();
      reply.hijack();
      return reply;
    },
    slow: async (failing) => {
      await pause(failing.hit.ms);
      return answer(failing, failing.call.perform());
    },
    cutAfter: (failing) => {
      failing.call.perform();
      return cut(failing);
    },
    lateEffect: (failing) => {
      clock.after(failing.hit.ms, () => failing.call.perform());
      return cut(failing);
    },
    error500AfterEffect: ({ reply, call }) => {
      call.perform();
      return reply.code(500).type('text/plain').send('Internal Server Error');
    },
    revokeDuringAccept: (failing) => {
      const code = failing.hit.oneOf([status.invalidState, status.notFound]);
      failing.hit.note(`statusCode ${code}`);
      onPart(failing, (part) => {
        mishaps.revoke(part);
        return done;
      });
      return answer(failing, failing.call.decline(refused(code, 'the invitation has been revoked')));
    },
    joinFailed: (failing) =>
      answer(failing, failing.call.decline(onPart(failing, (part) => mishaps.failJoin(part)))),
    errorEvent: (failing) =>
      answer(failing, failing.call.decline(onPart(failing, (part) => mishaps.failLater(part)))),
    eventBeforeReply: async (failing) => {
      const given = failing.call.perform();
      flush();
      await pause(failing.hit.ms);
      return answer(failing, given);
    },
  };

  return async (request, reply, call) => {
    const { agent, scope, operationName, interactionId } = call;
    const hit = faults.first(
      kinds,
      {
        scope,
        username: agent.username,
        operation: operationName,
        ...(interactionId !== undefined && { interactionId }),
      },
      (kind) => applies(kind, call),
    );
    return hit === undefined
      ? send(reply, call.perform(), mapped)
      : handlers[hit.kind as CallFault]({ request, reply, call, hit });
  };
}

/** The fault befalls the part that the call is about; without one, there is nothing to befall. */
function onPart({ call }: Failing, befall: (part: Part) => Result): Result {
  const part = call.agent.parts.get(call.interactionId ?? '');
  return part === undefined ? done : befall(part);
}
