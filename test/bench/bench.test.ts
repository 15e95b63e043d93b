import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const program = (file: string, ...flags: string[]) =>
  run(process.execPath, ['--conditions=usher-source', file, ...flags]);

describe('the bench', () => {
  it('measures every contender, and writes what it found', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
    try {
      const { stdout } = await program(
        'bench/cli.ts',
        ...['--sessions', '2', '--rounds', '1', '--duration', '300', '--out', folder],
      );
      const files = (await readdir(folder)).sort();
      expect(files.map((name) => name.replace(/.*\./, ''))).toEqual(['json', 'md']);
      const found = JSON.parse(await readFile(join(folder, files[0] ?? ''), 'utf8'));
      const contenders = ['hand-written', 'plain ky', 'lean ky', 'usher'];
      expect(found.rows.map((row: { contender: string }) => row.contender)).toEqual(
        contenders.flatMap((contender) => [contender, contender, contender]),
      );
      for (const { operationsPerSecond, cpuPerOperation } of found.rows) {
        expect(operationsPerSecond).toBeGreaterThan(0);
        expect(cpuPerOperation).toBeGreaterThan(0);
      }
      for (const contender of contenders) expect(stdout).toContain(`| ${contender} |`);
      expect(stdout).toContain('(1.00×)');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the bench of stores', () => {
  it('measures each store beside a loop by hand, and writes what it found', {
    timeout: 120_000,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'usher-bench-'));
    try {
      const flags = ['store', '--quick', '--interactions', '100', '--lanes', '20', '--out', folder];
      const { stdout } = await program('bench/cli.ts', ...flags);
      const json = (await readdir(folder)).find((name) => name.endsWith('-store.json')) ?? '';
      const { rows } = JSON.parse(await readFile(join(folder, json), 'utf8'));
      expect(rows.map(({ contender }: { contender: string }) => contender)).toEqual([
        'pg by hand, 100 rows a statement',
        'pg by hand, a row a statement',
        'PostgreSQL',
        'SQLite, in a file',
      ]);
      for (const { commits, renewals } of rows) {
        expect(commits).toBeGreaterThan(0);
        expect(renewals).toBeGreaterThan(0);
      }
      for (const { claims } of rows.slice(2)) expect(claims).toBeGreaterThan(0);
      expect(stdout).toContain('(1.00×)');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a wrong flag', () => {
  it.each([
    ['bench/cli.ts', ['--sessions', 'many'], /--sessions must be a whole number above 0, not many/],
    ['bench/cli.ts', ['--only', 'rust'], /--only: rust is none of hand-written/],
    [
      'bench/cli.ts',
      ['store', '--interactions', '2000000'],
      /--interactions must be a whole number|1000000 at most/,
    ],
    ['bench/cli.ts', ['--quik'], /Unknown option '--quik'/],
    ['test/faults/cli.ts', ['--runs', '-1'], /'--runs' argument is ambiguous|must be a whole number/],
    ['test/crash/cli.ts', ['--kills', 'all'], /--kills must be a whole number, not all/],
  ])('%s %j gets a clear word, the help and exit code 2', async (file, flags, message) => {
    await expect(program(file, ...flags)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message),
    });
  });

  it.each(['bench/cli.ts', 'test/faults/cli.ts', 'test/crash/cli.ts'])('%s explains itself', async (file) => {
    const { stdout } = await program(file, '--help');
    expect(stdout).toContain('Exit codes: 0');
  });
});
