import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HostContext } from '../../core/index.ts';
import type { Access, Visitor } from './access.ts';
import type { Audit } from './audit.ts';
import type { Board } from './board.ts';
import type { Chronicle } from './chronicle.ts';
import type { Discretion } from './discretion.ts';

export interface ConsoleOptions {
  readonly isLoopback: boolean;
  readonly token: string | undefined;
  readonly viewToken: string | undefined;
  readonly publicUrl: string | undefined;
  readonly texts: 'authorised' | 'never';
  readonly audit: string | undefined;
  /** The page and its API; without, there are the probes and the metrics only. */
  readonly page: boolean;
}

/** What the routes of the page share. */
export interface Desktop {
  readonly host: HostContext;
  readonly options: ConsoleOptions;
  readonly access: Access;
  readonly audit: Audit;
  readonly board: Board;
  readonly chronicle: Chronicle;
  /** Who asks; answers with 401 or 403 by itself if that is nobody who may. */
  admit(request: FastifyRequest, reply: FastifyReply, wanted: 'look' | 'act'): Visitor | undefined;
  discretionFor(visitor: Visitor): Discretion;
}

export const cookieName = 'usher_console';
