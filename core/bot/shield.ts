import { isObservable, Observable } from 'rxjs';
import type { Interaction } from '../ports.ts';
import { reasonOf } from './isolated.ts';

/**
 * A stream for foreign subscribers: what ending them throws is told, and stops neither the stream nor those who
 * hear of its end after them.
 */
export function shielded<Value>(
  source$: Observable<Value>,
  onThrow: (thrown: unknown) => void,
): Observable<Value> {
  return new Observable((subscriber) => {
    const attempt = (tell: () => void): void => {
      try {
        tell();
      } catch (thrown) {
        onThrow(reasonOf(thrown));
      }
    };
    return source$.subscribe({
      next: (value) => subscriber.next(value),
      error: (thrown) => attempt(() => subscriber.error(thrown)),
      complete: () => attempt(() => subscriber.complete()),
    });
  });
}

/**
 * The interaction as one plugin sees it: what the plugin subscribes by itself harms nobody else. `through` may end, or
 * hold up, one of its streams.
 */
export function shieldedInteraction(
  interaction: Interaction,
  onThrow: (thrown: unknown) => void,
  through: (stream$: Observable<unknown>, name: string | symbol) => Observable<unknown> = (stream$) =>
    stream$,
): Interaction {
  return new Proxy(interaction, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return isObservable(value) ? shielded(through(value, name), onThrow) : value;
    },
  });
}
