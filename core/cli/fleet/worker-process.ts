import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type DrainReport, nothingToDrain } from '../../session/draining.ts';
import { workerVariable } from './as-worker.ts';
import { type SupervisorMessage, workerMessage } from './worker-message.ts';

export interface WorkerProcessOptions {
  readonly nth: number;
  /** What it is called with, such as `start -c bots.config.ts`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onChange: () => void;
}

/** One worker as its supervisor sees it. */
export class WorkerProcess {
  readonly nth: number;
  /** Resolves when it has joined; never, if it ends before. */
  readonly joined: Promise<void>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  #open = 0;
  #report = nothingToDrain;
  /** It was asked to end. */
  isLeaving = false;

  constructor({ nth, args, env, onChange }: WorkerProcessOptions) {
    this.nth = nth;
    const script = process.argv[1] ?? '';
    // Of its own process group, so that a Ctrl-C in the terminal comes to the supervisor alone.
    const child = fork(script, args, {
      env: { ...process.env, ...env, [workerVariable]: String(nth) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    if (child.stdout !== null) relay(child.stdout, process.stdout, nth);
    if (child.stderr !== null) relay(child.stderr, process.stderr, nth);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.joined = promise;
    child.on('message', (message) => {
      const told = workerMessage.safeParse(message);
      if (!told.success) return;
      if ('joined' in told.data) resolve();
      else if ('open' in told.data) this.#open = told.data.open;
      else this.#report = told.data.report;
      onChange();
    });
    this.ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How many chats are open in it. */
  get open(): number {
    return this.#open;
  }

  /** What became of its chats when it ended. */
  get report(): DrainReport {
    return this.#report;
  }

  drain(wish: Omit<SupervisorMessage, 'verb'>): void {
    this.isLeaving = true;
    if (this.#child.connected) this.#child.send({ verb: 'drain', ...wish } satisfies SupervisorMessage);
    else this.#child.kill('SIGTERM');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Passes lines on with the number of the worker: as a member of those of JSON, before the others. */
function relay(from: Readable, to: NodeJS.WritableStream, nth: number): void {
  createInterface({ input: from }).on('line', (line) => {
    const isJson = line.startsWith('{') && line.endsWith('}') && line !== '{}';
    to.write(isJson ? `{"worker":${nth},${line.slice(1)}\n` : `[${nth}] ${line}\n`);
  });
}
