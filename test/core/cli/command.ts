import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface Command {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the output so far, of either kind, matches. */
  prints(pattern: RegExp): Promise<void>;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Runs the command in a process of its own, which is killed with the test. `input`: what is piped into it. */
export function usher(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd = process.cwd(),
  input?: string,
): Command {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(GWS_|LOG_|FORCE_COLOR|NO_COLOR)/.test(name),
  );
  const script = new URL('../../../core/cli/usher.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
      for (const look of waiting) look();
    });
  }
  return {
    child,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    prints: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!pattern.test(output.stdout) && !pattern.test(output.stderr)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    ended: once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string),
  };
}
