import { filter, map, type Observable, skip } from 'rxjs';
import { UsherError } from '../errors.ts';
import type { HttpSession } from '../transport/http-session.ts';

/** The session is lost, whatever CometD says: it is to be made anew. */
export function connectionLost(why: string): UsherError {
  return new UsherError('USHER_CONNECTION_LOST', why);
}

/** A server that begins another HTTP session has forgotten the one that the agent works in. */
export function sessionForgotten(http: HttpSession, isReady: () => boolean): Observable<UsherError> {
  return http.id$.pipe(
    skip(1),
    filter(isReady),
    map(() => connectionLost('the server has begun another HTTP session')),
  );
}
