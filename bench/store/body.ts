import { randomBytes } from 'node:crypto';

const pool = randomBytes(1 << 20).toString('base64');

/** Some 1,000 characters, others each time: a database logs only what differs, and equal bodies would flatter it. */
export function bodyOf(step: number): string {
  const from = (step * 7_919) % (pool.length - 1_000);
  return `${step} ${pool.slice(from, from + 1_000)}`;
}
