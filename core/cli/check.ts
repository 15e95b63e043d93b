import type { Config } from '../config.ts';
import { asUsherError, exitCodes, UsherError } from '../errors.ts';
import { type Finding, probeAgents } from '../session/probe-agent.ts';
import { inspectStore } from '../store/inspect-store.ts';
import type { StorePlace } from '../store/open-store.ts';
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
  const { origin, store } = config;
  if (store !== undefined) yield await storeFinding(store);
  if (origin === undefined) {
    yield { subject: 'server', detail: 'none given: usher start brings up the embedded simulator' };
    return;
  }
  yield* probeAgents({ ...config, origin });
}

async function storeFinding(place: StorePlace): Promise<Finding> {
  try {
    return { subject: 'store', detail: await inspectStore(place) };
  } catch (thrown) {
    const error = asUsherError(thrown);
    return { subject: 'store', detail: error.message, error };
  }
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
