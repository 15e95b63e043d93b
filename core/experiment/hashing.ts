import { hash } from 'node:crypto';

/**
 * Where a text falls between 0 and 1 under a salt: evenly, and for two salts independently of each other. The first 48
 * bits of SHA-256.
 */
export function fraction(salt: string, text: string): number {
  return Number.parseInt(hash('sha256', `${salt}\0${text}`).slice(0, 12), 16) / 2 ** 48;
}

/** What stands for a customer in records: the same for the same, and not to be read back. */
export function pseudonym(unit: string): string {
  return hash('sha256', `unit\0${unit}`).slice(0, 20);
}
