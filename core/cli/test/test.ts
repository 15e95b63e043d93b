import { createWriteStream } from 'node:fs';
import { asyncScheduler } from 'rxjs';
import type { Config } from '../../config.ts';
import { exitCodes, UsherError } from '../../errors.ts';
import { Host } from '../../host.ts';
import { logsInByToken } from '../../session/services.ts';
import { silentLog } from '../../session/silent-log.ts';
import { KitWorld } from '../../testing/scenarios/kit-world.ts';
import { playScenario, type ScenarioResult } from '../../testing/scenarios/play-scenario.ts';
import type { WrittenScenario } from '../../testing/scenarios/read-scenarios.ts';
import { scenarioJsonSchema } from '../../testing/scenarios/scenario.ts';
import { VirtualTime } from '../../testing/virtual-time.ts';
import type { WebChatServer } from '../chat/web-chat.ts';
import { loadConfig } from '../load-config.ts';
import { reportError } from '../report-error.ts';
import { findScenarios } from './find-scenarios.ts';
import { type ReporterName, reporters } from './reporters.ts';
import { WireWorld } from './wire-world.ts';

export interface TestFlags {
  readonly config: string;
  readonly url?: string;
  readonly reporter: ReporterName;
  readonly out?: string;
  readonly parallel: number;
  readonly schema: boolean;
  readonly watch: boolean;
  readonly contactCenter?: string;
}

type Play = (scenario: WrittenScenario) => Promise<Omit<ScenarioResult, 'took'>>;

/** `usher test`: plays scenario files with the bots of the config; exit 1 if one fails. */
export async function test(files: readonly string[], flags: TestFlags): Promise<void> {
  if (flags.schema) return void process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  if (flags.watch) return (await import('./watch.ts')).watchAndRepeat();
  const scenarios = findScenarios(files);
  const config = await loadConfig(flags.config);
  const began = asyncScheduler.now();
  const reporter = reporters[flags.reporter];
  const out = flags.out === undefined ? process.stdout : createWriteStream(flags.out);
  const tell = (result: ScenarioResult): void => void out.write(reporter.each(result));
  const results =
    flags.url === undefined
      ? await playAll(scenarios, inKit(config), 1, tell)
      : await onServer(config, { origin: flags.url, contactCenterId: flags.contactCenter }, (play) =>
          playAll(scenarios, play, flags.parallel, tell),
        );
  if (results === undefined) return;
  out.write(reporter.end(results, asyncScheduler.now() - began));
  if (flags.out !== undefined) out.end();
  process.exitCode = results.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.failed;
}

async function playAll(
  scenarios: readonly WrittenScenario[],
  play: Play,
  parallel: number,
  tell: (result: ScenarioResult) => void,
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  const waiting = [...scenarios.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, scenario] = next;
      const began = performance.now();
      const result = { ...(await play(scenario)), took: performance.now() - began };
      results[at] = result;
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, work));
  return results;
}

/** In virtual time, one after the other: each takes milliseconds. */
function inKit(config: Config): Play {
  return (written) => {
    const { scenario } = written;
    const bots = botsFor(written, config);
    return VirtualTime.run(
      async (time) => {
        const world = new KitWorld(time, scenario, {
          bots,
          services: config.services,
          dialect: config.dialect,
        });
        try {
          return await playScenario(written, world);
        } finally {
          await world.close();
        }
      },
      scenario.at === undefined ? 0 : Date.parse(scenario.at),
    );
  };
}

function botsFor(
  { file, lines, scenario: { agent } }: WrittenScenario,
  { agents }: Config,
): Config['agents'][number]['bots'] {
  const found = agent === undefined ? agents[0] : agents.find(({ username }) => username === agent);
  if (found !== undefined) return found.bots;
  const names = agents.map(({ username }) => username).join(', ');
  throw new UsherError(
    'USHER_SCENARIO_BROKEN',
    `${file}:${lines[0] ?? 1}: agent ${agent} is none of the config's: ${names}`,
  );
}

/** Runs the agents of the config on a server meanwhile; `undefined` if one could not start. */
async function onServer<Result>(
  config: Config,
  server: WebChatServer,
  work: (play: Play) => Promise<Result>,
): Promise<Result | undefined> {
  demandPasswords(config);
  const host = new Host({ ...config, origin: server.origin }, silentLog);
  try {
    const failed = await host.start();
    for (const { username, error } of failed) process.exitCode = reportError(error, false, username);
    if (failed.length > 0) return undefined;
    return await work(async (written) => {
      const { file, scenario } = written;
      const skipped = WireWorld.obstacle(scenario);
      if (skipped !== undefined) return { file, name: scenario.name, passed: true, skipped, chronicle: '' };
      const world = new WireWorld(host, server, scenario);
      try {
        return await playScenario(written, world);
      } finally {
        await world.close();
      }
    });
  } finally {
    await host.stop();
  }
}

function demandPasswords({ agents, services }: Config): void {
  if (logsInByToken(services)) return;
  const without = agents.findIndex(({ password }) => password === undefined);
  if (without < 0) return;
  const message = `agents[${without}].password is missing: with --url the agents log in (GWS_PASSWORD)`;
  throw new UsherError('USHER_CONFIG_INVALID', message);
}
