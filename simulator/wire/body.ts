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
    this.#asked.add(key);
    const value = this.#own(key);
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    this.#wrong ??= `${key} must be a text that is not empty`;
    return undefined;
  }

  /** A text or a number. */
  optional(key: string): string | number | undefined {
    this.#asked.add(key);
    const value = this.#own(key);
    if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
    this.#wrong ??= `${key} must be a text or a number`;
    return undefined;
  }

  /** What is wrong with the body: a member of the wrong type or, when strict, one that nobody asked for. */
  fault(strict: boolean): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    const unknown = Object.keys(this.#fields).find((key) => !this.#asked.has(key));
    return strict && unknown !== undefined ? `${unknown} is not a member of this operation` : undefined;
  }

  #own(key: string): unknown {
    return Object.hasOwn(this.#fields, key) ? this.#fields[key] : undefined;
  }
}
