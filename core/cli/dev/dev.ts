import { dirname, resolve } from 'node:path';
import { asyncScheduler, exhaustMap, from, type Subscription } from 'rxjs';
import type { Simulator } from '../../../simulator/index.ts';
import type { Config } from '../../config.ts';
import { messageOf, UsherError } from '../../errors.ts';
import { Host } from '../../host.ts';
import { createLog } from '../create-log.ts';
import { startEmbedded } from '../demo/embedded-simulator.ts';
import { loadConfig } from '../load-config.ts';
import { SimulatedPlayground } from '../playground/simulated-playground.ts';
import { reportError } from '../report-error.ts';
import { dim, green, red } from '../show/colours.ts';
import { follow } from '../show/follow.ts';
import { lineText } from '../show/line.ts';
import { sourceChanges } from '../source-changes.ts';
import { stopSignal } from '../stop-signals.ts';
import { changesBeside } from './changes-beside.ts';
import { ModuleVersions } from './module-versions.ts';

export interface DevFlags {
  readonly config: string;
  readonly port: number;
  readonly logLevel: string;
}

/** Milliseconds that open chats may take to end once the process is asked to stop. */
const grace = 1_000;

/**
 * `usher dev`: runs the agents of the config, and puts plugins in the place of those whose sources change, while the
 * chats go on. What cannot be loaded is told, and the code before it stays.
 */
export async function dev(flags: DevFlags): Promise<void> {
  const folder = dirname(resolve(flags.config));
  const versions = new ModuleVersions(folder);
  const written = await loadConfig(flags.config);
  const demo = written.origin === undefined ? await startEmbedded(written, flags.port) : undefined;
  const config = demo?.config ?? written;
  const stop = stopSignal();
  const host = new Host(config, createLog(flags.logLevel), {
    ...(demo !== undefined && { playground: new SimulatedPlayground(demo.simulator, asyncScheduler.now) }),
    onStop: (within) => stop.wish({ within }),
    onTold: (line) => tell(`${line}\n`),
  });
  const display = follow(host, {
    json: false,
    showText: true,
    nicknames: new Map(config.agents.map(({ username, nickname }) => [username, nickname ?? username])),
  });
  tell(`${opening(config, demo?.simulator)}\n`);
  const failed = await host.start();
  for (const { username, error } of failed) process.exitCode = reportError(error, false, username);
  const isForNothing = failed.length > 0 && failed.length === host.sessions.length;
  if (!isForNothing) {
    const watching = watch(folder, flags.config, host, written, versions);
    await stop.came;
    watching.unsubscribe();
    tell('\nstopping; Ctrl-C again to stop at once\n');
  }
  await host.stop({ within: grace });
  await demo?.simulator.close();
  stop.release();
  display.finish({ silent: isForNothing });
}

function watch(
  folder: string,
  file: string,
  host: Host,
  running: Config,
  versions: ModuleVersions,
): Subscription {
  return sourceChanges(folder)
    .pipe(
      exhaustMap((files) => {
        const changed = files.filter((name) => versions.knows(resolve(folder, name)));
        return changed.length === 0 ? [] : from(swap(changed));
      }),
    )
    .subscribe({ error: (thrown) => note(red(`changes are not seen any more: ${messageOf(thrown)}`)) });

  async function swap(changed: readonly string[]): Promise<void> {
    versions.invalidate(changed.map((name) => resolve(folder, name)));
    try {
      const config = await loadConfig(file);
      const beside = changesBeside(running, config);
      const swapped = host.replaceBots(config.agents);
      note(
        swapped.length === 0
          ? dim(`${changed.join(', ')} changed, and no plugin did`)
          : green(`${swapped.join(', ')}: new code from ${changed.join(', ')}`),
      );
      if (beside.length > 0)
        note(red(`${beside.join(', ')} changed as well: start usher dev again for that`));
    } catch (thrown) {
      const error = thrown instanceof UsherError ? thrown : undefined;
      note(
        red(
          `the code before it stays. ${messageOf(thrown)}${error === undefined ? '' : `. Fix: ${error.fix}.`}`,
        ),
      );
    }
  }
}

function opening({ agents, dialect, origin }: Config, simulator: Simulator | undefined): string {
  const bots = [...new Set(agents.flatMap((agent) => agent.bots.map(({ name }) => name)))].join(', ');
  const server = simulator === undefined ? origin : `a simulator at ${simulator.url}`;
  return [
    `${agents.length} ${agents.length === 1 ? 'agent' : 'agents'} with ${bots}, ${dialect.name}, on ${server}`,
    dim(`chat with them in another terminal: usher chat --url ${simulator?.url ?? origin}`),
    dim('changes of the sources are taken up; Ctrl-C stops'),
  ].join('\n');
}

function note(text: string): void {
  tell(`${lineText({ chat: undefined, body: text }, asyncScheduler.now())}\n`);
}

function tell(text: string): void {
  process.stdout.write(text);
}
