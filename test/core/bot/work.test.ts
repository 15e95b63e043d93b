import { of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { workOf } from '../../../core/bot/work.ts';

/** What a library other than RxJS returns as its stream. */
const foreign = {
  subscribe: (observer: { next(value: unknown): void; complete(): void }) => {
    observer.next(1);
    observer.complete();
    return { unsubscribe: () => undefined };
  },
  '@@observable': () => foreign,
};

async function* generated() {
  yield 1;
}

describe('the work of a plugin', () => {
  it.each<[string, () => unknown]>([
    ['an observable', () => of(1)],
    ['a promise', async () => 1],
    ['an async generator', generated],
    ['an array', () => [1]],
    ['an observable of another library', () => foreign],
  ])('may be %s', async (_what, start) => {
    const seen = await new Promise((resolve, reject) => {
      workOf('tested', start as () => [])
        .pipe(toArray())
        .subscribe({ next: resolve, error: reject });
    });
    expect(seen).toEqual([1]);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, 'number'],
    ['text', 'string'],
    [{}, 'object'],
    [() => of(1), 'function'],
  ])('is not %o', (returned, what) => {
    const errors: unknown[] = [];
    workOf('tested', () => returned as never).subscribe({ error: (thrown) => errors.push(thrown) });
    expect(errors).toMatchObject([
      { code: 'USHER_PLUGIN_NO_STREAM', message: `plugin tested returned ${what}, not a stream` },
    ]);
  });

  it('is not begun before it is subscribed', () => {
    let begun = false;
    workOf('tested', () => {
      begun = true;
      return [];
    });
    expect(begun).toBe(false);
  });

  it('fails when the promise does', async () => {
    const work = workOf('tested', () => Promise.reject(new Error('no line')));
    await expect(new Promise((_, reject) => work.subscribe({ error: reject }))).rejects.toThrow('no line');
  });
});
