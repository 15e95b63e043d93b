import { createHash } from 'node:crypto';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Makes the identifiers of one simulator; they look like those of Genesys. */
export class Ids {
  #count = 0;

  /** 16 characters with a lower-case `a` as the sixth, as in nearly every sample. */
  interaction(): string {
    this.#count += 1;
    const code = this.#spread(10);
    return `0001F${'a'}${code}`;
  }

  /** 16 hexadecimal digits. */
  participant(): string {
    this.#count += 1;
    return this.#count.toString(16).toUpperCase().padStart(16, '009A663B00000000');
  }

  #spread(length: number): string {
    let rest = (this.#count * 2_654_435_761) % 36 ** 9;
    let text = '';
    for (let at = 0; at < length; at += 1) {
      text += digits[rest % 36];
      rest = Math.floor(rest / 36);
    }
    return text;
  }
}

/** 32 hexadecimal digits, always the same for a username. */
export function userIdOf(username: string): string {
  return createHash('sha256').update(username).digest('hex').slice(0, 32);
}
