import type { Store } from '../store/store.ts';
import { isGone } from './process-name.ts';

/** Nobody has to wait for the lease of a process that can be seen to be gone. Tells whether there was one. */
export async function expireTheDead(store: Store): Promise<boolean> {
  const { workers } = await store.census();
  const dead = workers.filter(({ name }) => isGone(name));
  for (const { incarnation } of dead) await store.expire(incarnation);
  return dead.length > 0;
}
