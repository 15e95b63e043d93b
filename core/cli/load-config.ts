import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { firstValueFrom } from 'rxjs';
import { type Config, type ConfigInput, type Env, resolveConfig } from '../config.ts';
import { messageOf, UsherError } from '../errors.ts';

/**
 * Loads and checks a config file. `env`: what takes the place of the environment's values.
 *
 * @throws UsherError USHER_CONFIG_NOT_FOUND, USHER_CONFIG_BROKEN, and those of `resolveConfig`.
 */
export async function loadConfig(file: string, env: Env = {}): Promise<Config> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsherError('USHER_CONFIG_NOT_FOUND', `${file} does not exist`);
  const module = await importConfig(file, path);
  if (module.default === undefined) {
    throw new UsherError('USHER_CONFIG_BROKEN', `${file} has no default export`);
  }
  try {
    return await withAgents(resolveConfig(module.default as ConfigInput, environment(env)));
  } catch (thrown) {
    if (!(thrown instanceof UsherError)) throw broken(file, thrown);
    const faults = thrown.message.split('\n').map((fault) => `${file}: ${fault}`);
    throw new UsherError(thrown.code, faults.join('\n'), { cause: thrown });
  }
}

/** Where the agents come from outside, those of now. A list with faults will do, unless nobody is left to run. */
async function withAgents(config: Config): Promise<Config> {
  if (config.agents$ === undefined) return config;
  const { agents, faults } = await firstValueFrom(config.agents$, {
    defaultValue: { agents: [], faults: ['agents: the table has ended without a list'] },
  });
  if (agents.length === 0 && faults.length > 0)
    throw new UsherError('USHER_AGENTS_INVALID', faults.join('\n'));
  return { ...config, agents };
}

async function importConfig(file: string, path: string): Promise<{ default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (thrown) {
    if (thrown instanceof UsherError)
      throw new UsherError(thrown.code, `${file}: ${thrown.message}`, { cause: thrown });
    throw broken(file, thrown);
  }
}

function broken(file: string, thrown: unknown): UsherError {
  const place = placeOf(thrown);
  const isElsewhere = place !== undefined && place.path !== resolve(file);
  const where = isElsewhere ? `${relative(process.cwd(), place.path)}:${place.line}: ` : '';
  const message = `${file} cannot be loaded: ${where}${messageOf(thrown)}`;
  return new UsherError('USHER_CONFIG_BROKEN', message, { cause: thrown });
}

/** The source and line that it is about: the config may only import what is broken. */
function placeOf(thrown: unknown): { readonly path: string; readonly line: string } | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const [, url, line] = /(file:\/\/[^\s?)]+?)(?:\?[^\s:)]*)?:(\d+)/.exec(stack) ?? [];
  return url === undefined || line === undefined ? undefined : { path: fileURLToPath(url), line };
}

/**
 * The environment, where `NAME_FILE` gives the value of `NAME` by the path of a file. An empty value is none. `instead`:
 * what takes the place of its values.
 */
export function environment(instead: Env = {}): Env {
  const env = { ...process.env, ...instead };
  return new Proxy<Record<string, string | undefined>>(
    {},
    {
      get(_target, name) {
        if (typeof name !== 'string') return undefined;
        if (env[name]) return env[name];
        const file = env[`${name}_FILE`];
        return file ? readSecret(`${name}_FILE`, file) : undefined;
      },
    },
  );
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (thrown) {
    throw new UsherError(
      'USHER_CONFIG_INVALID',
      `${name} names ${file}, which cannot be read: ${messageOf(thrown)}`,
    );
  }
}
