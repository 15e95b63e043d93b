import { createHash } from 'node:crypto';

/**
 * How much of a process's capacity it offers in each shard: in proportion to the shard's agents, so that the shares that
 * the workers of a shard come to are as fair as with one store, and not more than its capacity in all. What is left of
 * the division must not go to the same shards in every process, or some would have too little room while others have too
 * much: each process begins to round elsewhere.
 *
 * A shard without agents is offered one place, which nobody takes: 0 would say that the process is leaving.
 *
 * @param counts How many agents each shard has.
 * @param start Where this process begins to round, at least 0 and less than 1.
 */
export function capacitySplit(capacity: number, counts: readonly number[], start: number): readonly number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let passed = 0;
  return counts.map((count) => {
    if (count === 0) return Math.min(1, capacity);
    const from = Math.floor(start + (capacity * passed) / all);
    passed += count;
    return Math.floor(start + (capacity * passed) / all) - from;
  });
}

/** Where a process of this name begins to round. */
export function roundingStart(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE() / 2 ** 32;
}
