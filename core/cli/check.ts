import type { Config } from '../config.ts';
import { exitCodes, UsherError } from '../errors.ts';
import { type Finding, probeAgents } from '../session/probe-agent.ts';
import { inspectStores } from '../store/inspect-store.ts';
import { loadConfig } from './load-config.ts';
import { dim, green, red } from './show/colours.ts';

/** `usher check`: looks at everything a start would need; a line per finding, with its fix. */
export async function check({ config: file, json }: { config: string; json: boolean }): Promise<void> {
  let exitCode: number = exitCodes.ok;
  for await (const finding of findings(file)) {
    exitCode = Math.max(exitCode, finding.error?.exitCode ?? exitCodes.ok);
    process.stdout.write(`${json ? asJson(finding) : asText(finding)}\n`);
  }
  process.exitCode = exitCode;
}

async function* findings(file: string): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = await loadConfig(file);
  } catch (thrown) {
    if (!(thrown instanceof UsherError)) throw thrown;
    yield { subject: 'config', detail: thrown.message, error: thrown };
    return;
  }
  yield { subject: 'config', detail: `${file}: ${describe(config)}` };
  const { origin, stores } = config;
  for (const found of await inspectStores(stores))
    yield found instanceof UsherError
      ? { subject: 'store', detail: found.message, error: found }
      : { subject: 'store', detail: found };
  if (origin === undefined) {
    yield { subject: 'server', detail: 'none given: usher start brings up the embedded simulator' };
    return;
  }
  yield* probeAgents({ ...config, origin });
}

function describe({ agents, dialect }: Config): string {
  const seats = agents.map(({ username, bots }) => {
    const taken = bots.map(
      ({ name, plugins }) => `${name} (${plugins.map((plugin) => plugin.name).join(', ')})`,
    );
    return `${username} with ${taken.join(', ')}`;
  });
  return `${dialect.name}; ${seats.join('; ')}`;
}

function asText({ subject, detail, error }: Finding): string {
  if (error === undefined) return `${green('✓')} ${subject}: ${detail}`;
  const [first = '', ...more] = detail.split('\n');
  const rest = more.map((fault) => `\n    ${fault}`).join('');
  return `${red('✗')} ${subject}: ${first}${rest}\n    Fix: ${error.fix} ${dim(`[${error.code}]`)}`;
}

function asJson({ subject, detail, error }: Finding): string {
  return JSON.stringify({
    subject,
    ok: error === undefined,
    detail,
    ...(error && { code: error.code, fix: error.fix }),
  });
}
