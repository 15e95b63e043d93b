import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the bench, and what it is told and tells. */
export interface Child<To, From extends { told: string }> {
  readonly pid: number;
  say(message: To): void;
  hear<Told extends From['told']>(told: Told): Promise<Extract<From, { told: Told }>>;
  end(): void;
}

/** @param program The path of its source below bench/. */
export function startChild<To, From extends { told: string }>(
  program: string,
  parameters: readonly string[],
): Child<To, From> {
  const child: ChildProcess = fork(join(import.meta.dirname, program), parameters, {
    execArgv: ['--conditions=usher-source', '--expose-gc'],
    serialization: 'advanced',
  });
  const heard: From[] = [];
  child.on('message', (message: From) => heard.push(message));
  return {
    pid: child.pid ?? 0,
    say: (message) => void child.send(message as object),
    hear: async (told) => {
      for (;;) {
        const at = heard.findIndex((message) => message.told === told);
        if (at >= 0) return heard.splice(at, 1)[0] as never;
        if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
        const waiting = new AbortController();
        const { signal } = waiting;
        // The one that does not come must not leave a listener behind at each turn.
        await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]).finally(
          () => waiting.abort(),
        );
      }
    },
    // In good order, so that a profiler can write what it has.
    end: () => void child.send({ ask: 'end' }),
  };
}
