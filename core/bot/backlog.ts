import { concat, defer, from, type Observable, Subscription } from 'rxjs';
import type { Interaction } from '../ports.ts';

const kept = ['messages$', 'typing$', 'notifications$'] as const;

/**
 * What a chat tells while it is not yet decided which plugins work in it: they begin with it. Of the streams that do not
 * replay their latest value.
 */
export class Backlog {
  readonly #told = new Map<string | symbol, unknown[]>();
  readonly #listening = new Subscription();

  constructor(interaction: Interaction) {
    for (const name of kept) {
      const told: unknown[] = [];
      this.#told.set(name, told);
      const stream$: Observable<unknown> = interaction[name];
      this.#listening.add(stream$.subscribe((value) => void told.push(value)));
    }
  }

  /** One of the chat's streams, from the beginning for whoever subscribes before the end of the backlog. */
  through<Value>(stream$: Observable<Value>, name: string | symbol): Observable<Value> {
    const told = this.#told.get(name) as Value[] | undefined;
    if (told === undefined) return stream$;
    return defer(() =>
      this.#listening.closed || told.length === 0 ? stream$ : concat(from([...told]), stream$),
    );
  }

  /** Everybody is at work: who comes later sees what comes later. */
  end(): void {
    this.#listening.unsubscribe();
    this.#told.clear();
  }
}
