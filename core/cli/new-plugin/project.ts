import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, UsherError } from '../../errors.ts';

/** Where a plugin is written, and how its files name each other. */
export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** Where tests stand: beside the plugins, or in a folder of their own. */
  readonly tests: 'plugins' | 'test/plugins';
  /** Usher, as a plugin imports it. */
  readonly door: 'usher-bots' | '../core/index.ts';
  /** The plugins' folder, as a config imports from it; without the file's name and suffix. */
  readonly shelf: './plugins' | 'usher-bots/plugins';
  readonly isUsher: boolean;
  /** What the project lacks for the files to run, each with what mends it. */
  readonly lacks: readonly string[];
}

interface PackageJson {
  readonly name?: string;
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * The project in a folder: one that depends on usher-bots, or Usher itself.
 *
 * @throws UsherError USHER_NO_PROJECT
 */
export function projectIn(given: string): Project {
  const folder = resolve(given);
  const packageJson = readPackageJson(join(folder, 'package.json'));
  const isUsher = packageJson.name === 'usher-bots' && existsSync(join(folder, 'core/index.ts'));
  const wanted = {
    ...packageJson.peerDependencies,
    ...packageJson.dependencies,
    ...packageJson.devDependencies,
  };
  if (!isUsher && wanted['usher-bots'] === undefined) {
    throw new UsherError('USHER_NO_PROJECT', `${join(folder, 'package.json')} does not name usher-bots`);
  }
  return {
    folder,
    tests: existsSync(join(folder, 'test/plugins')) ? 'test/plugins' : 'plugins',
    door: isUsher ? '../core/index.ts' : 'usher-bots',
    shelf: isUsher ? 'usher-bots/plugins' : './plugins',
    isUsher,
    lacks: lacking(packageJson, wanted),
  };
}

function readPackageJson(file: string): PackageJson {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
  } catch (thrown) {
    throw new UsherError('USHER_NO_PROJECT', `${file} cannot be read: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function lacking({ type }: PackageJson, wanted: Readonly<Record<string, string>>): string[] {
  const needed = ['rxjs', 'zod'].filter((name) => wanted[name] === undefined);
  const forTests = ['typescript', 'vitest'].filter((name) => wanted[name] === undefined);
  return [
    ...(type === 'module' ? [] : ['npm pkg set type=module']),
    ...(needed.length === 0 ? [] : [`npm install ${needed.join(' ')}`]),
    ...(forTests.length === 0 ? [] : [`npm install --save-dev ${forTests.join(' ')}`]),
  ];
}
