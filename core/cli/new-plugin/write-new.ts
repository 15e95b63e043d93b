import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, UsherError } from '../../errors.ts';
import type { NewFile } from './files.ts';

/**
 * Writes a file below a folder. One that exists is left alone, unless it is to be replaced.
 *
 * @throws UsherError USHER_NOT_WRITTEN
 */
export function writeNew(folder: string, { path, text }: NewFile, replace: boolean): 'wrote' | 'kept' {
  const file = join(folder, path);
  try {
    if (!replace && existsSync(file)) return 'kept';
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return 'wrote';
  } catch (thrown) {
    throw new UsherError('USHER_NOT_WRITTEN', `${file} cannot be written: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}
