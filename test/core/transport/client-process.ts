import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Signal } from '../../../core/transport/notifications.ts';

/** What the other process tells, line by line. */
export type Told =
  | Signal
  | { readonly kind: 'error'; readonly code: string }
  /** It has closed everything; what still keeps it alive, beside what did at its start. */
  | { readonly kind: 'left'; readonly resources: readonly string[] };

export interface ClientOptions {
  readonly origin: string;
  readonly transports?: readonly string[];
  readonly maxNetworkDelay?: number;
  /** Makes a connection anew whenever one is lost. */
  readonly persists?: boolean;
}

/** A CometD connection in a process of its own, which ends with the test. */
export function clientProcess(options: ClientOptions) {
  const program = fileURLToPath(new URL('client-program.ts', import.meta.url));
  const child = spawn(execPath, ['--conditions=usher-source', program, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: Told[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => told.push(JSON.parse(line)));
  const allRead = once(lines, 'close');
  const ended = once(child, 'exit').then(async ([code]) => {
    await allRead;
    return code as number | null;
  });
  return {
    told,
    kinds: (): string[] => told.map(({ kind }) => kind),
    /** Has it unsubscribe and close its sockets. */
    leave: (): void => void child.stdin.end('leave\n'),
    signal: (name: NodeJS.Signals): void => void child.kill(name),
    /** Its exit code, once nothing keeps it alive. */
    ended,
  };
}
