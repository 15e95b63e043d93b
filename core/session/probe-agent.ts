import type { Container } from 'inversify';
import { firstValueFrom, Subject, timeout } from 'rxjs';
import type { Dialect } from '../dialects/dialect.ts';
import { asUsherError, UsherError } from '../errors.ts';
import type { TokenProvider } from '../ports.ts';
import type { HttpSession } from '../transport/http-session.ts';
import { Network, type NetworkOptions } from '../transport/network.ts';
import { notifications } from '../transport/notifications.ts';
import { Requests } from '../transport/requests.ts';
import { rootContainer, tokenProviderOf } from './container.ts';
import { GwsCalls } from './gws-calls.ts';
import { httpSessionOf, type LogIn } from './http-session-of.ts';
import { LiveJournal } from './live-journal.ts';
import { RxClock } from './rx-clock.ts';
import { logsInByToken, type Service } from './services.ts';
import { silentLog } from './silent-log.ts';

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
  readonly agents: readonly { readonly username: string; readonly password?: string | undefined }[];
  readonly services: readonly Service[];
  readonly network: NetworkOptions;
}

/** Milliseconds that the CometD handshake may take. */
const patience = 15_000;

/**
 * Tries, agent by agent and step by step, what agent sessions would do, without starting one: no invitation can
 * come of it. Ends with an agent at the first fault, since nothing after it could succeed.
 */
export async function* probeAgents({ agents, services, ...server }: ProbeOptions): AsyncGenerator<Finding> {
  let container: Container | undefined;
  let tokens: TokenProvider | undefined;
  try {
    if (logsInByToken(services)) {
      const finding = await attempt('services', async () => {
        container = containerOf(services);
        tokens = tokenProviderOf(container);
        return 'agents log in by the tokens of the TokenProvider';
      });
      yield finding;
      if (finding.error !== undefined) return;
    }
    for (const { username, password = '' } of agents) {
      const network = new Network(server.network);
      try {
        yield* probeAgent({ ...server, username, password, tokens, network });
      } finally {
        await network.close();
      }
    }
  } finally {
    await container?.unbindAllAsync();
  }
}

async function* probeAgent(logIn: LogIn): AsyncGenerator<Finding> {
  const { origin, dialect, username, network } = logIn;
  const http = httpSessionOf(logIn);
  const requests = new Requests(http, network, { basePath: dialect.basePath });
  const calls = new GwsCalls(requests, dialect, origin);
  const who = `agent ${username}`;

  const steps: readonly [string, () => Promise<string>][] = [
    ['server', () => version(requests, dialect, network.wayTo(origin))],
    [who, async () => describe(await calls.me())],
    [`${who}, notifications`, () => subscribe(http, network, dialect)],
  ];
  for (const [subject, step] of steps) {
    const finding = await attempt(subject, step);
    yield finding;
    if (finding.error !== undefined) return;
  }
}

/** The services of the host, as they are for the agents, with nobody who listens. */
function containerOf(services: readonly Service[]): Container {
  const clock = new RxClock();
  return rootContainer({ clock, journal: new LiveJournal(clock, silentLog), log: silentLog, services });
}

async function attempt(subject: string, step: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, detail: await step() };
  } catch (thrown) {
    const error = asUsherError(thrown);
    return { subject, detail: error.message, error };
  }
}

/** The version needs no log-in (8.5.2 "Interpreting a Response"); a server may well not tell it. */
async function version(requests: Requests, dialect: Dialect, wayTo: string): Promise<string> {
  const answer = await requests.send(dialect.session.version);
  if (answer.kind !== 'answered') throw answer.error;
  const { body } = answer;
  const known =
    typeof body === 'object' && body !== null && 'version' in body ? String(body.version) : undefined;
  return `${wayTo} answers${known === undefined ? '' : `: GWS version ${known}`}`;
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
