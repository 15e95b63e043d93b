import { createHash, randomInt } from 'node:crypto';

/** Makes the identifiers of one simulator; they look like those of Genesys, and a restart makes new ones. */
export class Ids {
  #count = randomInt(1, 2 ** 40);

  /** 16 characters with a lower-case `a` as the sixth, as in nearly every sample. */
  interaction(): string {
    this.#count += 1;
    return `0001Fa${this.#count.toString(36).toUpperCase().padStart(10, '0')}`;
  }

  /** 16 hexadecimal digits. */
  participant(): string {
    this.#count += 1;
    return `009A${this.#count.toString(16).toUpperCase().padStart(12, '0')}`;
  }
}

/** 32 hexadecimal digits, always the same for a username. */
export function userIdOf(username: string): string {
  return createHash('sha256').update(username).digest('hex').slice(0, 32);
}
