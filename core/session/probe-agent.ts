import { firstValueFrom, Subject, timeout } from 'rxjs';
import type { Dialect } from '../dialects/dialect.ts';
import { messageOf, UsherError } from '../errors.ts';
import { HttpSession } from '../transport/http-session.ts';
import { Network } from '../transport/network.ts';
import { notifications } from '../transport/notifications.ts';
import { Requests } from '../transport/requests.ts';
import { GwsCalls } from './gws-calls.ts';

/** One thing that was checked. */
export interface Finding {
  readonly subject: string;
  /** What was found, or what is wrong. */
  readonly detail: string;
  readonly error?: UsherError;
}

export interface ProbeOptions {
  readonly origin: string;
  readonly dialect: Dialect;
  readonly username: string;
  readonly password: string;
}

/** Milliseconds that the CometD handshake may take. */
const patience = 15_000;

/**
 * Tries, step by step, what an agent session would do, without starting one: no invitation can come of it.
 * Ends at the first fault, since nothing after it could succeed.
 */
export async function* probeAgent({
  origin,
  dialect,
  username,
  password,
}: ProbeOptions): AsyncGenerator<Finding> {
  const network = new Network();
  const http = new HttpSession(origin, { username, password });
  const requests = new Requests(http, network, { basePath: dialect.basePath });
  const calls = new GwsCalls(requests, dialect, origin);
  const who = `agent ${username}`;

  const steps: readonly [string, () => Promise<string>][] = [
    ['server', () => version(requests, dialect, origin)],
    [who, async () => describe(await calls.me())],
    [`${who}, notifications`, () => subscribe(http, network, dialect)],
  ];
  try {
    for (const [subject, step] of steps) {
      const finding = await attempt(subject, step);
      yield finding;
      if (finding.error !== undefined) return;
    }
  } finally {
    await network.close();
  }
}

async function attempt(subject: string, step: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, detail: await step() };
  } catch (thrown) {
    const error =
      thrown instanceof UsherError
        ? thrown
        : new UsherError('USHER_UNEXPECTED', messageOf(thrown), { cause: thrown });
    return { subject, detail: error.message, error };
  }
}

/** The version needs no log-in (8.5.2 "Interpreting a Response"); a server may well not tell it. */
async function version(requests: Requests, dialect: Dialect, origin: string): Promise<string> {
  const answer = await requests.send(dialect.session.version);
  if (answer.kind !== 'answered') throw answer.error;
  const { body } = answer;
  const known =
    typeof body === 'object' && body !== null && 'version' in body ? String(body.version) : undefined;
  return `${origin} answers${known === undefined ? '' : `: GWS version ${known}`}`;
}

function describe({ id, firstName, lastName }: { id: string; firstName: string; lastName: string }): string {
  return `logged in as ${[firstName, lastName].filter(Boolean).join(' ') || 'an agent'} (user id ${id})`;
}

async function subscribe(http: HttpSession, network: Network, dialect: Dialect): Promise<string> {
  const url = `${http.origin}${dialect.basePath}${dialect.notificationsPath}`;
  const { name, topics } = dialect;
  const late = () =>
    new UsherError('USHER_COMETD_REFUSED', `the CometD handshake takes longer than ${patience} ms`);
  await firstValueFrom(
    notifications({ url, topics, http, network, close$: new Subject() }).pipe(
      timeout({
        first: patience,
        with: () => {
          throw late();
        },
      }),
    ),
  );
  return `${name}: topic ${topics.join(', ')} can be subscribed`;
}
