import { asyncScheduler, filter, firstValueFrom, map, merge, of, scan } from 'rxjs';
import type { CustomerResult, Simulator } from '../../simulator/index.ts';
import type { Config } from '../config.ts';
import { exitCodes, UsherError } from '../errors.ts';
import { Host } from '../host.ts';
import type { DrainReport } from '../session/draining.ts';
import { controlOf, openChatsOf } from './control/control-of.ts';
import { createLog } from './create-log.ts';
import { customers, playOnce, startEmbedded } from './demo/embedded-simulator.ts';
import { asFleet } from './fleet/as-fleet.ts';
import { isWorker, supervised } from './fleet/as-worker.ts';
import { loadConfig } from './load-config.ts';
import { SimulatedPlayground } from './playground/simulated-playground.ts';
import { reportError } from './report-error.ts';
import { drainText } from './show/drain-text.ts';
import { follow } from './show/follow.ts';
import type { StartFlags } from './start-flags.ts';
import { pause, type StopSignal, type StopWish, stopSignal } from './stop-signals.ts';

/** Milliseconds from one customer of the demo to the next. */
const betweenCustomers = 1_500;
const betweenRepeats = 6_000;

/** `usher start`: runs the agents of the config until a signal, or, with `--once`, until the demo is over. */
export async function start(flags: StartFlags): Promise<void> {
  const { workers, once, dryRun } = flags;
  if (workers !== undefined && once)
    throw new UsherError('USHER_USAGE', '--once and --workers do not go together');
  if (workers !== undefined && dryRun)
    throw new UsherError(
      'USHER_USAGE',
      '--dry-run and --workers do not go together: one process reads alone',
    );
  if (workers !== undefined && !isWorker())
    return (await import('./fleet/supervise.ts')).supervise({ ...flags, workers });
  const loaded = await loadConfig(flags.config, flags.bot === undefined ? {} : { USHER_BOT: flags.bot });
  const written = isWorker() ? asFleet(loaded, flags.config) : loaded;
  if (flags.once && written.origin !== undefined) {
    throw new UsherError(
      'USHER_USAGE',
      '--once needs the customers of the embedded simulator: unset GWS_URL',
    );
  }
  if (flags.dryRun && written.origin === undefined) {
    throw new UsherError(
      'USHER_USAGE',
      '--dry-run shows what the bots would do in the chats of somebody else at the same login, and on the embedded simulator there is nobody: set GWS_URL, list a candidate under `shadows` of the agent, or run usher replay',
    );
  }
  const demo = written.origin === undefined ? await startEmbedded(written) : undefined;
  try {
    await run(demo?.config ?? written, demo?.simulator, flags);
  } finally {
    await demo?.simulator.close();
  }
}

async function run(config: Config, simulator: Simulator | undefined, flags: StartFlags): Promise<void> {
  const trace = flags.logLevel === 'debug' || flags.logLevel === 'trace';
  const stop = stopSignal();
  const host = new Host(config, createLog(flags.logLevel), {
    ...(simulator !== undefined && { playground: new SimulatedPlayground(simulator, asyncScheduler.now) }),
    isDryRun: flags.dryRun,
    onStop: (within) => stop.wish({ within }),
    onTold: (line) => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`),
  });
  const display = follow(host, {
    json: flags.json,
    showText: flags.showText ?? (simulator !== undefined || process.stdout.isTTY),
    nicknames: new Map(config.agents.map(({ username, nickname }) => [username, nickname ?? username])),
  });
  const supervisor = isWorker() ? supervised(host, stop) : undefined;
  const control = supervisor ?? (await ownControl(host, stop, flags));
  if (!flags.json) process.stdout.write(`${opening(config, simulator)}\n`);
  if (!flags.json && flags.dryRun) process.stdout.write(`${dryRunText}\n`);
  const failed = await host.start();
  supervisor?.joined();
  for (const { username, error } of failed) reportError(error, trace, username);
  let exitCode = Math.max(0, ...failed.map(({ error }) => error.exitCode));
  let within = flags.drainWithin * 1_000;
  let passOn = true;

  const isForNothing = failed.length > 0 && failed.length === host.sessions.length;
  if (!isForNothing) {
    const served = simulator === undefined ? undefined : serve(simulator, flags.once, stop);
    const ends = [
      stop.came,
      ...(config.fleet === undefined ? [allFailed(host)] : []),
      ...(served === undefined ? [] : [served]),
    ];
    const outcome = await Promise.race(ends);
    if (Array.isArray(outcome)) exitCode = Math.max(exitCode, judge(outcome, flags.json));
    else if (outcome === 'all failed') exitCode = exitCodes.failed;
    else {
      within = outcome?.within ?? within;
      passOn = outcome?.passOn ?? true;
    }
    if (!flags.json && isWish(outcome)) process.stdout.write(`\n${stoppingText(host, within)}\n`);
  }
  const report = await host.stop({ within, passOn });
  await control?.close(report);
  stop.release();
  if (!flags.json && hadChats(report)) process.stdout.write(`\nstopped: ${drainText(report)}\n`);
  display.finish({ silent: isForNothing });
  process.exitCode = exitCode;
}

/** A dry run can be asked by nobody: a process that does the work may run by the same config. */
async function ownControl(host: Host, stop: StopSignal, { dryRun, config }: StartFlags) {
  return dryRun ? undefined : controlOf(openChatsOf(host), config, stop);
}

function isWish(outcome: unknown): outcome is StopWish {
  return typeof outcome === 'object' && !Array.isArray(outcome);
}

function stoppingText(host: Host, within: number): string {
  const open = host.sessions.reduce((sum, { openInteractions }) => sum + openInteractions, 0);
  const chats =
    open === 0 ? '' : `; ${open} open ${open === 1 ? 'chat has' : 'chats have'} ${within / 1_000} s to end`;
  return `stopping${chats}; Ctrl-C again to stop at once`;
}

function hadChats({ finished, handedOver, passedOn, left }: DrainReport): boolean {
  return finished + handedOver + passedOn + left > 0;
}

const dryRunText =
  'dry run: nothing leaves this process; no agent is made Ready, and chats are seen that another has at the same login';

function opening({ agents, dialect, origin }: Config, simulator: Simulator | undefined): string {
  const server = simulator === undefined ? origin : `an embedded simulator at ${simulator.url}`;
  const bots = agents.flatMap((agent) => agent.bots.map(({ name }) => name));
  const shadows = agents.flatMap((agent) => (agent.shadows ?? []).map(({ name }) => name));
  const beside = shadows.length === 0 ? '' : ` and ${[...new Set(shadows)].join(', ')} in its shadow`;
  return `${agents.length} ${agents.length === 1 ? 'agent' : 'agents'} with ${[...new Set(bots)].join(', ')}${beside}, ${dialect.name}, on ${server}`;
}

/** Plays the demo's customers: once each, or in turn until the signal comes. */
async function serve(
  simulator: Simulator,
  once: boolean,
  stop: StopSignal,
): Promise<CustomerResult[] | undefined> {
  if (once) return playOnce(simulator, () => pause(betweenCustomers, stop));
  let gap = betweenCustomers;
  let played = 0;
  for (const customer of customers()) {
    simulator.arrive(customer);
    played += 1;
    if (played > 3) gap = betweenRepeats;
    if (!(await pause(gap, stop))) return undefined;
  }
  return undefined;
}

function judge(results: readonly CustomerResult[], json: boolean): number {
  const unserved = results.filter(({ served }) => !served);
  for (const { name, failure } of unserved)
    process.stderr.write(`usher: ${name} was not served: ${failure}\n`);
  if (!json && unserved.length === 0) process.stdout.write(`\nall ${results.length} customers were served\n`);
  return unserved.length === 0 ? exitCodes.ok : exitCodes.failed;
}

/** Resolves when no agent is left that could still do something. */
function allFailed(host: Host): Promise<'all failed'> {
  const failures$ = merge(
    ...host.sessions.map(({ status$ }) => status$.pipe(filter((status) => status === 'failed'))),
    of(undefined).pipe(filter(() => false)),
  ).pipe(
    scan((count) => count + 1, 0),
    filter((count) => count === host.sessions.length),
    map(() => 'all failed' as const),
  );
  return firstValueFrom(failures$, { defaultValue: undefined }).then(
    (outcome) => outcome ?? new Promise<never>(() => undefined),
  );
}
