import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** What the figures were taken on: without it they say nothing. */
export interface Circumstances {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly commit: string;
}

export function circumstancesNow(): Circumstances {
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    node: process.versions.node,
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    commit: commit(),
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
