import { readFileSync } from 'node:fs';
import { type ErrorCode, errorCatalogue, exitCodes, UsherError } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../core/errors.ts';

const documented = [
  ...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `(USHER_\w+)` \|.*\| (\d|–) \| (.*) \|$/gm),
].map(([, code, exit, fix]) => ({ code, exit, fix }));

describe('the catalogue of errors', () => {
  it('is documented: every code, its exit code and its fix, and no code that is gone', () => {
    const catalogue = Object.entries(errorCatalogue).map(([code, entry]) => ({
      code,
      exit: 'exit' in entry ? String(entry.exit) : '–',
      fix: entry.fix,
    }));
    expect(documented).toEqual(catalogue);
  });

  it('has no code that nothing uses', async () => {
    const { globSync } = await import('node:fs');
    const sources = globSync('core/**/*.ts').filter((file) => !file.endsWith('core/errors.ts'));
    const used = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(Object.keys(errorCatalogue).filter((code) => !used.includes(code))).toEqual([]);
  });
});

describe('an error', () => {
  it.each<[ErrorCode, number]>([
    ['USHER_CONFIG_INVALID', exitCodes.usage],
    ['USHER_LOGIN_REFUSED', exitCodes.failed],
    ['USHER_PLUGIN_FAILED', exitCodes.failed],
  ])('%s exits with %i', (code, exitCode) => {
    expect(new UsherError(code, 'x')).toMatchObject({ exitCode, fix: errorCatalogue[code].fix });
  });

  it.each([
    [new Error('a'), 'a'],
    [new TypeError(''), 'TypeError'],
    ['text', 'text'],
    [{ a: 1 }, 'a thrown object'],
    [undefined, 'a thrown undefined'],
  ])('thrown as %o reads %j', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});
