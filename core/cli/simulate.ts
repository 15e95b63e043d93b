import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { messageOf, UsherError } from '../errors.ts';
import { colleague } from './demo/cast.ts';
import { customers } from './demo/embedded-simulator.ts';
import { pause, type StopSignal, stopSignal } from './stop-signals.ts';

export interface SimulateFlags {
  readonly host: string;
  readonly port: number;
  readonly agents: number;
  readonly capacity: number;
  readonly password: string;
  readonly every: number;
  readonly csrf: boolean;
  readonly json: boolean;
}

/** `usher simulate`: the simulated server alone, until a signal. */
export async function simulate(flags: SimulateFlags): Promise<void> {
  const usernames = Array.from({ length: flags.agents }, (_, at) => `ada${at === 0 ? '' : at + 1}`);
  const simulator = await listen(flags, usernames);
  const stop = stopSignal();
  process.stdout.write(
    `${flags.json ? JSON.stringify(facts(simulator, usernames, flags)) : opening(simulator, usernames, flags)}\n`,
  );
  if (flags.every > 0) await sendCustomers(simulator, flags, stop);
  await stop.came;
  await simulator.close();
  stop.release();
}

async function listen(
  { host, port, capacity, password, csrf, json }: SimulateFlags,
  usernames: readonly string[],
): Promise<Simulator> {
  try {
    return await startSimulator({
      host,
      port,
      csrf,
      agents: [
        ...usernames.map((username) => ({ username, password, firstName: 'Ada', capacity })),
        colleague,
      ],
      onLog: (entry) =>
        process.stdout.write(`${json ? JSON.stringify(entry) : `  ${Object.values(entry).join(' ')}`}\n`),
    });
  } catch (thrown) {
    throw new UsherError('USHER_PORT', `cannot listen on ${host}:${port}: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function facts(simulator: Simulator, usernames: readonly string[], { password }: SimulateFlags): object {
  return { url: simulator.url, usernames, password, colleague: colleague.id };
}

function opening(
  { url }: Simulator,
  usernames: readonly string[],
  { password, every }: SimulateFlags,
): string {
  return [
    `a simulated GWS server listens at ${url}`,
    `  agents: ${usernames.join(', ')}; password: ${password}`,
    `  colleague: Cora Blake, user id ${colleague.id}`,
    every > 0
      ? `  a customer arrives every ${every} s while an agent is ready`
      : '  no customers arrive by themselves',
    '  try it:',
    `    GWS_URL=${url} GWS_USERNAME=${usernames[0]} GWS_PASSWORD=${password} npm start`,
  ].join('\n');
}

async function sendCustomers(
  simulator: Simulator,
  { every }: SimulateFlags,
  stop: StopSignal,
): Promise<void> {
  const arriving = customers();
  while (await pause(every * 1_000, stop)) {
    const somebodyIsReady = simulator.agents.some(
      ({ username, ready }) => ready && username !== colleague.username,
    );
    if (somebodyIsReady) simulator.arrive(arriving.next().value);
  }
}
