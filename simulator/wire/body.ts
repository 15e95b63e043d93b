import type { UserData } from '../engine/records.ts';

/** The body of a request, which knows what was asked of it, so that what nobody asked for can be refused. */
export class Body {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();
  #wrong: string | undefined;

  constructor(body: unknown) {
    this.#fields =
      typeof body === 'object' && body !== null && !Array.isArray(body)
        ? (body as Record<string, unknown>)
        : {};
  }

  /** A text that is not empty. */
  text(key: string): string | undefined {
    const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
    return this.#read(key, isText, 'a text that is not empty');
  }

  /** A text or a number. */
  optional(key: string): string | number | undefined {
    return this.#read(key, isScalar, 'a text or a number');
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, (value) => typeof value === 'boolean', 'true or false');
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const isWord = (value: unknown): value is Word => words.some((word) => word === value);
    return this.#read(key, isWord, words.join(' or '));
  }

  /** Texts, numbers and nulls by key. */
  userData(key: string): UserData | undefined {
    return this.#read(key, isUserData, 'an object of texts and numbers');
  }

  texts(key: string): readonly string[] | undefined {
    const areTexts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((one) => typeof one === 'string');
    return this.#read(key, areTexts, 'a list of texts');
  }

  /** Makes the body a faulty one; the first fault counts. */
  refuse(fault: string): void {
    this.#wrong ??= fault;
  }

  /** What is wrong with the body: a member of the wrong type or, when strict, one that nobody asked for. */
  fault(strict: boolean): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    const unknown = Object.keys(this.#fields).find((key) => !this.#asked.has(key));
    return strict && unknown !== undefined ? `${unknown} is not a member of this operation` : undefined;
  }

  #read<Value>(key: string, fits: (value: unknown) => value is Value, kind: string): Value | undefined {
    this.#asked.add(key);
    const value = Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
    if (value === undefined || fits(value)) return value;
    this.refuse(`${key} must be ${kind}`);
    return undefined;
  }
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isUserData(value: unknown): value is UserData {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => one === null || isScalar(one))
  );
}
