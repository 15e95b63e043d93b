import { spawn } from 'node:child_process';
import { concatMap, from, Observable, startWith, takeUntil } from 'rxjs';
import { dim } from '../show/colours.ts';
import { sourceChanges } from '../source-changes.ts';
import { stopSignal } from '../stop-signals.ts';

/**
 * Runs this very command again whenever a source below this folder has changed, without `--watch`: in a process of
 * its own, since a module that was loaded stays loaded.
 */
export async function watchAndRepeat(): Promise<void> {
  const stop = stopSignal();
  const [script = '', ...parameters] = process.argv.slice(1);
  const once = parameters.filter((parameter) => parameter !== '--watch' && parameter !== '-w');
  const runs$ = sourceChanges('.').pipe(
    startWith([]),
    concatMap((files) => {
      const why = files.length === 0 ? '' : `${files.join(', ')} changed\n`;
      process.stdout.write(`\n${dim(`${why}running …`)}\n`);
      return run([...process.execArgv, script, ...once]);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    runs$.pipe(takeUntil(from(stop.came))).subscribe({
      next: () => void process.stdout.write(`${dim('waiting for a change; Ctrl-C to stop')}\n`),
      error: reject,
      complete: resolve,
    });
  });
  stop.release();
}

/** Emits when the command has ended, however. */
function run(parameters: readonly string[]): Observable<void> {
  return new Observable((subscriber) => {
    const child = spawn(process.execPath, parameters, { stdio: 'inherit' });
    child.on('error', (error) => subscriber.error(error));
    child.on('exit', () => {
      subscriber.next();
      subscriber.complete();
    });
    return () => child.kill();
  });
}
