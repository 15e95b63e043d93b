import { watch } from 'node:fs';
import { sep } from 'node:path';
import { buffer, debounceTime, filter, map, Observable, share } from 'rxjs';

/** Folders in which nobody writes sources. */
const ignored = new Set(['node_modules', '.git', 'dist', 'coverage']);

/** Milliseconds without a further change after which changes are told of: editors write a file in several goes. */
const rest = 80;

/** Paths of sources below a folder that have changed, together if they changed together. */
export function sourceChanges(folder: string): Observable<readonly string[]> {
  const changes$ = new Observable<string>((subscriber) => {
    const watcher = watch(folder, { recursive: true }, (_event, file) => {
      if (file !== null && isSource(file)) subscriber.next(file);
    });
    watcher.on('error', (error) => subscriber.error(error));
    return () => watcher.close();
  }).pipe(share());
  return changes$.pipe(
    buffer(changes$.pipe(debounceTime(rest))),
    filter((files) => files.length > 0),
    map((files) => [...new Set(files)]),
  );
}

function isSource(file: string): boolean {
  return /\.([cm]?[jt]s|json|ya?ml)$/.test(file) && !file.split(sep).some((part) => ignored.has(part));
}
