import type { Incarnation, Store } from '../store/store.ts';

/** Where it stands that a worker is to give its agents to the others and leave. A worker that starts anew has another. */
function drainKey(incarnation: Incarnation): string {
  return `usher/fleet/drain/${incarnation}`;
}

/** Asks a worker, wherever it runs, to drain: it sees that within a tick. */
export async function requestDrain(store: Store, incarnation: Incarnation): Promise<void> {
  await store.keep([{ key: drainKey(incarnation), body: true }]);
}

export async function isDrainRequested(store: Store, incarnation: Incarnation): Promise<boolean> {
  return (await store.recorded([drainKey(incarnation)])).size > 0;
}
