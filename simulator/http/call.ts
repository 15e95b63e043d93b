import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Command } from '../engine/command.ts';
import type { Agent } from '../engine/part.ts';
import type { Result } from '../engine/records.ts';

export interface Answer {
  /** A code of GWS, whatever HTTP says. */
  readonly status: number;
  readonly body: object;
}

/** What an agent's client asks of the server, before anything is done about it. */
export interface Call {
  readonly agent: Agent;
  /** On an interaction, or about the session and its state. */
  readonly scope: 'operations' | 'session';
  /** The wire name; of a reading its method and path, for instance `GET /me/chats`. */
  readonly operationName: string;
  readonly interactionId?: string;
  /** What it means; absent if it will be refused, and for what is no operation on an interaction. */
  readonly intent?: Command['intent'] | undefined;
  /** It only reads. */
  readonly reading: boolean;
  /** Does it. */
  perform(): Answer;
  /** The answer that says this, without doing anything. */
  decline(result: Result): Answer;
}

/** Does a call and answers it. */
export type Caller = (request: FastifyRequest, reply: FastifyReply, call: Call) => Promise<FastifyReply>;
