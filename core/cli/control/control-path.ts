import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the process that runs a config can be spoken to by others of the same user: a socket named after the config's
 * path, in `XDG_RUNTIME_DIR` or a folder of the user's own below that for temporary files.
 */
export function controlPath(config: string): string {
  const name = createHash('sha256').update(resolve(config)).digest('hex').slice(0, 12);
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const folder =
    runtime === undefined || runtime === '' ? join(tmpdir(), `usher-${userInfo().uid}`) : runtime;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `usher-${name}.sock`);
}
