import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isClean, type Line, verdictOf } from './transcripts.ts';

const script = fileURLToPath(new URL('./cli.ts', import.meta.url));

async function demo(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--conditions=usher-source', script, ...args]);
  // In good order: what it has started ends with it.
  onTestFinished(() => void child.kill('SIGTERM'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('npm run demo:fleet', { timeout: 120_000 }, () => {
  it('brings a fleet up on PostgreSQL, kills a worker, and finds every line answered once', async () => {
    const size = ['--workers', '2', '--agents', '20', '--customers', '10'];
    const { code, output } = await demo(...size, '--seconds', '5', '--kill-after', '2');
    expect(output).toMatch(/workers: 2, with 10 \+ 10 of 20 agents; chats: 10 open/);
    expect(output).toMatch(/process \d+ is gone: \d+ agents have no owner/);
    expect(output).toMatch(/every agent has an owner again after \d+\.\d s/);
    expect(output).toMatch(/worker \d ended with SIGKILL; it is started again in 0\.5 s/);
    expect(output).toMatch(/^greeted twice 0, lost 0, doubled 0, out of order 0$/m);
    expect(Number(/ (\d+) answers\n/.exec(output.slice(output.indexOf('ending')))?.[1])).toBeGreaterThan(10);
    expect(code).toBe(0);
    // Nothing is left behind.
    const [config = ''] = /\/\S+bots\.config\.mjs/.exec(output) ?? [];
    expect(config).not.toBe('');
    expect(existsSync(config)).toBe(false);
    const [, port] = /PostgreSQL server of its own on 127\.0\.0\.1:(\d+)/.exec(output) ?? [];
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');
  });

  it.each([
    ['--agents', '0', /^--agents must be a whole number from 1, not 0$/m],
    ['--store', 'postgres://nobody@127.0.0.1:1/none', /127\.0\.0\.1/],
  ])('cannot begin with %s %s, and says why', async (name, value, why) => {
    const { code, output } = await demo(name, value);
    expect(output).toMatch(why);
    expect(code).toBe(2);
  });
});

describe('what the transcripts of the demo come to', () => {
  const told = (...texts: readonly string[]): Line[] =>
    texts.map((text, at) => ({ from: /^(Hello|re:)/.test(text) ? 'agent' : 'customer', text, at }));
  const good = told('Hello Mia!', 'one', 're: one', 'two', 'three', 're: two', 're: three');

  it('is clean where everybody was greeted once, and every line answered once and in order', () => {
    const verdict = verdictOf([good, good]);
    expect(verdict).toEqual({
      chats: 2,
      lines: 6,
      answers: 6,
      greetedTwice: 0,
      lost: 0,
      doubled: 0,
      outOfOrder: 0,
      longestWait: 2,
    });
    expect(isClean(verdict)).toBe(true);
  });

  it.each([
    ['greetedTwice', told('Hello Mia!', 'Hello Mia!', 'one', 're: one')],
    ['lost', told('Hello Mia!', 'one', 'two', 're: two')],
    ['doubled', told('Hello Mia!', 'one', 're: one', 're: one')],
    ['outOfOrder', told('Hello Mia!', 'one', 'two', 're: two', 're: one')],
  ])('is not where there is one %s', (what, lines) => {
    const verdict = verdictOf([good, lines]);
    expect(verdict).toMatchObject({
      chats: 2,
      greetedTwice: 0,
      lost: 0,
      doubled: 0,
      outOfOrder: 0,
      [what]: 1,
    });
    expect(isClean(verdict)).toBe(false);
  });
});
