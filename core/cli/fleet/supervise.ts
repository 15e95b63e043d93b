import { basename, dirname, resolve } from 'node:path';
import {
  catchError,
  EMPTY,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  merge,
  mergeMap,
  type Observable,
  Subject,
} from 'rxjs';
import { exitCodes, messageOf } from '../../errors.ts';
import { RxClock } from '../../session/rx-clock.ts';
import { openShards } from '../../store/open-shards.ts';
import { storeName } from '../../store/open-store.ts';
import { controlOf } from '../control/control-of.ts';
import { loadConfig } from '../load-config.ts';
import { reportError } from '../report-error.ts';
import { drainText } from '../show/drain-text.ts';
import { sourceChanges } from '../source-changes.ts';
import type { StartFlags } from '../start-flags.ts';
import { stopSignal } from '../stop-signals.ts';
import { asFleet } from './as-fleet.ts';
import { Supervisor } from './supervisor.ts';
import { WorkerProcess } from './worker-process.ts';

/** `usher start --workers N`: runs N processes that share the agents, until a signal. */
export async function supervise(flags: StartFlags & { readonly workers: number }): Promise<void> {
  const env = flags.bot === undefined ? {} : { USHER_BOT: flags.bot };
  const config = asFleet(await loadConfig(flags.config, env), flags.config);
  const stores = await openShards(config.stores, { marksNew: false });
  const tell = (line: string): void => void (flags.json ? process.stderr : process.stdout).write(`${line}\n`);
  const changed = new Subject<void>();
  const stop = stopSignal();
  const supervisor = new Supervisor({
    count: flags.workers,
    stores,
    clock: new RxClock(),
    within: flags.drainWithin * 1_000,
    ttl: config.fleet.ttl,
    spawn: (nth, generation) =>
      new WorkerProcess({
        nth,
        args: argsOf(flags),
        env: { ...env, ...portOf(nth, generation, flags.workers) },
        onChange: () => changed.next(),
      }),
    tell,
    onProblem: (error) => void reportError(error, false),
  });
  // Nobody is to outlive a supervisor that is made to end at once.
  const onExit = (): void => supervisor.kill();
  process.on('exit', onExit);
  const open = (): number => supervisor.workers.reduce((sum, worker) => sum + worker.open, 0);
  const control = await controlOf({ open, changed$: changed }, flags.config, stop);
  tell(
    `${flags.workers} workers on ${config.stores.map(storeName).join(', ')}; SIGHUP or a change of ${flags.config} replaces them`,
  );
  supervisor.start();
  const watching = updates(flags.config, tell)
    .pipe(mergeMap(() => supervisor.roll()))
    .subscribe();
  const exhausted = firstValueFrom(supervisor.exhausted$, { defaultValue: undefined }).then(
    () => 'exhausted' as const,
  );
  const outcome = await Promise.race([stop.came, exhausted]);
  watching.unsubscribe();
  const within = outcome === 'exhausted' ? 0 : (outcome.within ?? flags.drainWithin * 1_000);
  if (outcome !== 'exhausted') tell('\nstopping all workers; Ctrl-C again to stop at once');
  const report = await supervisor.stop(within);
  process.off('exit', onExit);
  await control.close(report);
  await Promise.all(stores.map((store) => store.close()));
  stop.release();
  tell(`stopped: ${drainText(report)}`);
  process.exitCode = outcome === 'exhausted' ? exitCodes.failed : exitCodes.ok;
}

/** When the workers are to be replaced. */
function updates(file: string, tell: (line: string) => void): Observable<void> {
  const path = resolve(file);
  const changes$ = sourceChanges(dirname(path)).pipe(
    filter((files) => files.includes(basename(path))),
    map(() => `${file} has changed`),
    catchError((thrown: unknown) => {
      tell(`changes of ${file} are not seen any more: ${messageOf(thrown)}`);
      return EMPTY;
    }),
  );
  const signals$ = fromEvent(process, 'SIGHUP').pipe(map(() => 'SIGHUP'));
  return merge(signals$, changes$).pipe(map((why) => tell(`${why}: the workers are replaced one by one`)));
}

function argsOf({ config, bot, json, showText, logLevel, drainWithin }: StartFlags): readonly string[] {
  return [
    'start',
    ...['--config', config],
    ...(bot === undefined ? [] : ['--bot', bot]),
    ...(json ? ['--json'] : []),
    ...(showText === true ? ['--show-text'] : []),
    ...['--log-level', logLevel],
    ...['--drain-within', String(drainWithin)],
  ];
}

/** Each worker has a port of its own, and another one while it takes the place of its predecessor. */
function portOf(nth: number, generation: number, count: number): Readonly<Record<string, string>> {
  const first = Number(process.env['PORT'] || Number.NaN);
  if (!Number.isSafeInteger(first) || first === 0) return {};
  return { PORT: String(first + nth - 1 + (generation % 2 === 0 ? count : 0)) };
}
