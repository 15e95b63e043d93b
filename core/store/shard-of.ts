import { createHash } from 'node:crypto';

/**
 * In which of so many stores an agent is, from 0: the first 32 bits of the SHA-256 of its name, as a number, modulo how
 * many there are. The same in every process, on every machine and in every version, for where an agent's chats are
 * kept hangs on it. SHA-256 spreads also names that differ in their last digit alone; with 2^32 values, the modulo
 * favours no shard by more than one agent in a hundred million.
 */
export function shardOf(agent: string, count: number): number {
  if (count === 1) return 0;
  return createHash('sha256').update(agent).digest().readUInt32BE() % count;
}
