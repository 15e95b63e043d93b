import { from, isObservable, Observable, type ObservableInput } from 'rxjs';
import { UsherError } from '../errors.ts';

/** What a plugin's function returns, as a stream; anything that is no stream is a clear error. */
export function workOf(plugin: string, start: () => ObservableInput<unknown>): Observable<unknown> {
  return new Observable((subscriber) => {
    const work: unknown = start();
    if (!isStream(work)) {
      const what = work === null ? 'null' : typeof work;
      throw new UsherError('USHER_PLUGIN_NO_STREAM', `plugin ${plugin} returned ${what}, not a stream`);
    }
    // Stopped by what the function itself did: nothing more of it is begun. A promise is watched all the same,
    // since one that nobody watches ends the process when it fails.
    if (subscriber.closed && !isPromise(work)) return undefined;
    return from(work as ObservableInput<unknown>).subscribe(subscriber);
  });
}

function isStream(work: unknown): boolean {
  if (isObservable(work)) return true;
  if (typeof work !== 'object' || work === null) return false;
  const signs = ['then', Symbol.asyncIterator, Symbol.iterator, Symbol.observable, '@@observable'];
  return signs.some((sign) => sign in work);
}

function isPromise(work: unknown): boolean {
  return typeof (work as { then?: unknown }).then === 'function';
}
