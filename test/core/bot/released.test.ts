import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

describe('a finished interaction', () => {
  it('leaves under 100 bytes behind', { timeout: 120_000 }, async () => {
    const program = join(import.meta.dirname, 'release-run.ts');
    const { stdout } = await run(process.execPath, [
      '--expose-gc',
      '--conditions=usher-source',
      program,
      '20000',
    ]);
    const { bytes, open, signals } = JSON.parse(stdout) as { bytes: number; open: number; signals: number };
    expect(open).toBe(0);
    expect(signals).toBe(5 * 22_000);
    expect(bytes).toBeLessThan(100);
  });
});
