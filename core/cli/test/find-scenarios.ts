import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsherError } from '../../errors.ts';
import { readScenarios, type WrittenScenario } from '../../testing/scenarios/read-scenarios.ts';

/** Where scenarios are looked for when no file is named: the first of these that exists. */
const usualPlaces = ['scenarios', 'test/scenarios'];

/**
 * The scenarios of files and folders, in the order of their names.
 *
 * @throws UsherError USHER_USAGE when there are none, USHER_SCENARIO_BROKEN
 */
export function findScenarios(named: readonly string[]): readonly WrittenScenario[] {
  const files = (named.length === 0 ? usual() : named).flatMap(filesOf);
  const scenarios: WrittenScenario[] = [];
  const faults: string[] = [];
  for (const file of files) {
    try {
      scenarios.push(...readScenarios(file, readFileSync(file, 'utf8')));
    } catch (thrown) {
      if (!(thrown instanceof UsherError)) throw thrown;
      faults.push(thrown.message);
    }
  }
  if (faults.length > 0) throw new UsherError('USHER_SCENARIO_BROKEN', faults.join('\n'));
  return scenarios;
}

function usual(): readonly string[] {
  const place = usualPlaces.find((folder) => existsSync(folder));
  if (place !== undefined) return [place];
  const message = `there is no folder ${usualPlaces.join(' or ')} here: name the files that hold scenarios`;
  throw new UsherError('USHER_USAGE', message);
}

function filesOf(path: string): readonly string[] {
  if (!existsSync(path)) throw new UsherError('USHER_USAGE', `${path} does not exist`);
  if (!statSync(path).isDirectory()) return [path];
  const files = globSync('**/*.{yaml,yml}', { cwd: path }).sort();
  if (files.length === 0) throw new UsherError('USHER_USAGE', `${path} holds no .yaml file`);
  return files.map((file) => join(path, file));
}
