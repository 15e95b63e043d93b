import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { planVariable, type WorkerPlan } from './worker-config.ts';

const usher = join(import.meta.dirname, '../../core/cli/usher.ts');
const config = join(import.meta.dirname, 'worker-config.ts');
const protectionsOff = join(import.meta.dirname, 'protections-off.ts');

/** Milliseconds that an orderly end may take. */
const patience = 20_000;

export interface ProcessOptions {
  /** For its config and what it prints. */
  readonly folder: string;
  readonly name: string;
  readonly plan: WorkerPlan;
  /** Absent: it is a worker itself, without a supervisor. */
  readonly workers?: number;
  readonly isProtected: boolean;
}

/** `usher start` in a process of its own, as a worker or as the supervisor of some. */
export class UsherProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;

  constructor({ folder, name, plan, workers, isProtected }: ProcessOptions) {
    this.name = name;
    const file = join(folder, `${name}.config.ts`);
    writeFileSync(file, `export { default } from ${JSON.stringify(config)};\n`);
    const output = openSync(join(folder, `${name}.log`), 'a');
    this.#child = spawn(
      process.execPath,
      [
        '--conditions=usher-source',
        ...(isProtected ? [] : ['--import', protectionsOff]),
        ...[usher, 'start', '--config', file, '--json', '--drain-within', '5'],
        ...(workers === undefined ? [] : ['--workers', String(workers)]),
      ],
      {
        env: { ...process.env, [planVariable]: JSON.stringify(plan) },
        stdio: ['ignore', output, output],
      },
    );
    // Nothing is to outlive a harness that is made to end.
    const onExit = (): void => this.signal('SIGKILL');
    process.on('exit', onExit);
    this.#exited = once(this.#child, 'exit').finally(() => process.off('exit', onExit));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  /** Ends it in good order. Resolves with what was wrong with that. */
  async stop(): Promise<readonly string[]> {
    if (this.hasEnded) return [`${this.name} had ended by itself with ${this.#how}`];
    this.signal('SIGTERM');
    await Promise.race([this.#exited, pause(patience, undefined, { ref: false })]);
    if (!this.hasEnded) return [`${this.name} did not end`];
    return this.#child.exitCode === 0 ? [] : [`${this.name} ended with ${this.#how}`];
  }

  get #how(): number | string | null {
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}
