import { defer, from, isObservable, type Observable, type ObservableInput } from 'rxjs';
import { UsherError } from '../errors.ts';

/** What a plugin's function returns, as a stream; anything that is no stream is a clear error. */
export function workOf(plugin: string, start: () => ObservableInput<unknown>): Observable<unknown> {
  return defer(() => {
    const work: unknown = start();
    if (isStream(work)) return from(work as ObservableInput<unknown>);
    const what = work === null ? 'null' : typeof work;
    throw new UsherError('USHER_PLUGIN_NO_STREAM', `plugin ${plugin} returned ${what}, not a stream`);
  });
}

function isStream(work: unknown): boolean {
  if (isObservable(work)) return true;
  if (typeof work !== 'object' || work === null) return false;
  const signs = ['then', Symbol.asyncIterator, Symbol.iterator, Symbol.observable, '@@observable'];
  return signs.some((sign) => sign in work);
}
