import { readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { auditTime, distinctUntilChanged, map, merge, Observable, startWith, timer } from 'rxjs';
import { messageOf } from '../errors.ts';

/** Milliseconds until a change is looked at: editors write a file in several goes. */
const rest = 100;

/** Milliseconds from one look to the next where the system tells of no change, as on some network disks. */
const between = 5_000;

/** What stands in a file, at once and after each change; or why it cannot be read. */
export function watchedFile(path: string): Observable<{ readonly text: string } | { readonly why: string }> {
  // The folder, since a file is often replaced rather than written, and a mounted secret always is.
  const changes$ = new Observable<void>((subscriber) => {
    try {
      const watcher = watch(dirname(path), () => subscriber.next());
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    } catch {
      // Looking now and then has to do.
      return undefined;
    }
  });
  return merge(changes$.pipe(auditTime(rest)), timer(between, between)).pipe(
    startWith(undefined),
    map(() => read(path)),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
  );
}

function read(path: string): { readonly text: string } | { readonly why: string } {
  try {
    return { text: readFileSync(path, 'utf8') };
  } catch (thrown) {
    return { why: messageOf(thrown) };
  }
}
