import {
  type DialectName,
  type FaultOptions,
  faultKinds,
  type Simulator,
  startSimulator,
} from '../../simulator/index.ts';
import { messageOf, UsherError } from '../errors.ts';
import { colleague } from './demo/cast.ts';
import { customers } from './demo/embedded-simulator.ts';
import { type FaultFlags, faultsOf } from './fault-flags.ts';
import { pause, type StopSignal, stopSignal } from './stop-signals.ts';

export interface SimulateFlags extends FaultFlags {
  readonly host: string;
  readonly port: number;
  readonly agents: number;
  readonly capacity: number;
  readonly password: string;
  readonly every: number;
  readonly dialect: DialectName;
  readonly strict: boolean;
  readonly csrf: boolean;
  readonly json: boolean;
}

/** `usher simulate`: the simulated server alone, until a signal. */
export async function simulate(flags: SimulateFlags): Promise<void> {
  const usernames = Array.from({ length: flags.agents }, (_, at) => `ada${at === 0 ? '' : at + 1}`);
  const faults = faultsOf(flags);
  const simulator = await listen(flags, usernames, faults);
  const stop = stopSignal();
  const start = flags.json
    ? JSON.stringify(facts(simulator, usernames, flags, faults))
    : opening(simulator, usernames, flags, faults);
  process.stdout.write(`${start}\n`);
  if (flags.every > 0) await sendCustomers(simulator, flags, stop);
  await stop.came;
  await simulator.close();
  stop.release();
}

async function listen(
  { host, port, capacity, password, dialect, strict, csrf, json }: SimulateFlags,
  usernames: readonly string[],
  faults: FaultOptions,
): Promise<Simulator> {
  try {
    return await startSimulator({
      host,
      port,
      dialect,
      csrf,
      wire: { strict },
      faults,
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

function facts(
  { url }: Simulator,
  usernames: readonly string[],
  { password, dialect }: SimulateFlags,
  faults: FaultOptions,
): object {
  return { url, usernames, password, colleague: colleague.id, dialect, faults };
}

function opening(
  { url }: Simulator,
  usernames: readonly string[],
  { password, every, dialect, strict }: SimulateFlags,
  faults: FaultOptions,
): string {
  const given = faultKinds.filter((kind) => faults[kind] !== undefined);
  const chances = given.map((kind) => {
    const option = faults[kind] ?? 0;
    return `${kind} ${typeof option === 'number' ? option : option.rate}`;
  });
  return [
    `a simulated GWS server listens at ${url}`,
    `  dialect: ${dialect}${strict ? ', strict' : ''}`,
    ...(given.length > 0
      ? [`  faults: ${chances.join(', ')}; the same again with --seed ${faults.seed}`]
      : []),
    `  agents: ${usernames.join(', ')}; password: ${password}`,
    `  colleague: Cora Blake, user id ${colleague.id}`,
    every > 0
      ? `  a customer arrives every ${every} s while an agent is ready`
      : '  no customers arrive by themselves',
    '  try it:',
    `    GWS_URL=${url} GWS_DIALECT=${dialect} GWS_USERNAME=${usernames[0]} GWS_PASSWORD=${password} npm start`,
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
