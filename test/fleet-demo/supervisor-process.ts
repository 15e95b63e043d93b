import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const usher = fileURLToPath(new URL('../../core/cli/usher.ts', import.meta.url));

/** `usher start --workers N`, in a process of its own. */
export class SupervisorProcess {
  readonly #child: ChildProcess;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;

  /** @param tell What it and its workers have to say. */
  constructor(workers: number, config: string, tell: (line: string) => void) {
    // With --json, what happens in the chats goes to stdout, and what people have to know to stderr.
    const flags = ['--config', config, '--workers', String(workers), '--json', '--log-level', 'error'];
    // Of its own process group, so that a Ctrl-C in the terminal comes to the demo alone.
    this.#child = spawn(process.execPath, ['--conditions=usher-source', usher, 'start', ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    if (this.#child.stderr !== null)
      createInterface({ input: this.#child.stderr }).on('line', (line) => line.trim() && tell(line));
    this.ended = once(this.#child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  }

  /** In good order. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.ended;
  }

  /** Its workers stop by themselves then. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
