import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Where the process that runs a config can be spoken to by others of the same user: a socket named after the config's
 * path, in `XDG_RUNTIME_DIR` or a folder of the user's own below that for temporary files.
 *
 * @throws Error when that folder cannot be made, or is not the user's alone.
 */
export function controlPath(config: string): string {
  const name = createHash('sha256').update(resolve(config)).digest('hex').slice(0, 12);
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const folder =
    runtime === undefined || runtime === '' ? join(tmpdir(), `usher-${userInfo().uid}`) : runtime;
  // Not `recursive`: below /proc, Node would try for ever.
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const { uid, mode } = statSync(folder);
  // Whoever owns the folder, or may write in it, could put another socket there.
  if (uid !== userInfo().uid || (mode & 0o022) !== 0)
    throw new Error(`${folder} belongs to somebody else, or others may write in it`);
  return join(folder, `usher-${name}.sock`);
}
