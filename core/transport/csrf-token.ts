import type { AnswerHeaders, HttpAnswer } from './exchange.ts';

/** The header of GWS that names the header of the token (8.5.2 "CSRF Protection"). */
const nameHeader = 'x-csrf-header';

/** What a header may be called (RFC 9110, token). */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/;

const forbidden = 403;

/**
 * The CSRF token of one HTTP session. GWS hands it out with any answer to a GET, and wants it back with every
 * PUT, POST and DELETE; it lives as long as the HTTP session (8.5.2 "CSRF Protection").
 */
export class CsrfToken {
  #header: { readonly name: string; readonly value: string } | undefined;
  #outlived = false;

  /** What a request of this method carries. */
  headers(method: string): Record<string, string> {
    return this.#header === undefined || method === 'GET' ? {} : { [this.#header.name]: this.#header.value };
  }

  /** The server wanted a token before, and the session that it was of has ended: a GET may bring the next. */
  get outlived(): boolean {
    return this.#outlived;
  }

  /** Keeps the token of an answer that brings one. */
  absorb(headers: AnswerHeaders): void {
    const name = headers.get(nameHeader)?.toLowerCase();
    const value = name !== undefined && headerName.test(name) ? headers.get(name) : null;
    if (name === undefined || value === null) return;
    this.#header = { name, value };
    this.#outlived = false;
  }

  /** The HTTP session is another one. */
  forget(): void {
    this.#outlived ||= this.#header !== undefined;
    this.#header = undefined;
  }

  /** A GET was made for it, whatever it brought. */
  asked(): void {
    this.#outlived = false;
  }

  /** HTTP 403 with the text "Missing or invalid Csrf token": nothing was changed. */
  static refuses(method: string, { status, text }: HttpAnswer): boolean {
    return method !== 'GET' && status === forbidden && /csrf/i.test(text);
  }
}
