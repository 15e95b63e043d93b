import type { Incarnation, WorkerCensus } from '../store/store.ts';

/** A worker as far as its share goes. */
export type Sharer = Pick<WorkerCensus, 'incarnation' | 'capacity' | 'load'>;

/**
 * How many of so many agents each worker is to have: in proportion to its capacity, and never more than that. What is
 * left of the division goes to the largest remainders, and among equal ones to who has it already, so that no agent moves
 * for nothing. All who see the same census come to the same shares.
 */
export function sharesOf(agents: number, workers: readonly Sharer[]): ReadonlyMap<Incarnation, number> {
  const capacity = workers.reduce((sum, worker) => sum + worker.capacity, 0);
  const wanted = Math.min(agents, capacity);
  const exact = workers.map((worker) => ({
    worker,
    share: capacity === 0 ? 0 : (wanted * worker.capacity) / capacity,
  }));
  const shares = new Map(exact.map(({ worker, share }) => [worker.incarnation, Math.floor(share)]));
  const left = wanted - [...shares.values()].reduce((sum, share) => sum + share, 0);
  const inTurn = exact
    .filter(({ worker, share }) => Math.floor(share) < worker.capacity)
    .sort(
      (a, b) =>
        remainder(b.share) - remainder(a.share) ||
        excess(b) - excess(a) ||
        (a.worker.incarnation < b.worker.incarnation ? -1 : 1),
    );
  for (const { worker, share } of inTurn.slice(0, left))
    shares.set(worker.incarnation, Math.floor(share) + 1);
  return shares;
}

/** How many agents a worker has beyond the whole part of its share. */
function excess({ worker, share }: { readonly worker: Sharer; readonly share: number }): number {
  return worker.load - Math.floor(share);
}

/** Equal shares must have equal remainders, whatever the division made of them. */
function remainder(share: number): number {
  return Math.round((share - Math.floor(share)) * 1e9);
}

/** Those to part with first: agents with the fewest open chats, and of equal ones those that came last. */
export function surplusOf<Agent>(
  agents: readonly Agent[],
  count: number,
  openChats: (agent: Agent) => number,
): readonly Agent[] {
  return agents
    .map((agent, at) => ({ agent, at, chats: openChats(agent) }))
    .sort((a, b) => a.chats - b.chats || b.at - a.at)
    .slice(0, Math.max(0, count))
    .map(({ agent }) => agent);
}
