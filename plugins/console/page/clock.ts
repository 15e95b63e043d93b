import { signal } from '@preact/signals';

/** Milliseconds since 1970, a second at a time: for what shows how long something has lasted. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 1_000);

/** Calls once after so many milliseconds; returns what calls that off. */
export function after(milliseconds: number, run: () => void): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}
