import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = process.cwd();

/** A config file in a folder of its own; `@/` stands for the root of the project. */
export function configFile(body: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'usher-')), 'bots.config.ts');
  writeFileSync(file, body.replaceAll('@/', `${root}/`));
  return file;
}
