/** One HTTP request of a dialect; `path` is below the dialect's base path. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
}
