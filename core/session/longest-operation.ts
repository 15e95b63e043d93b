const usualTimeout = 10_000;

/** Milliseconds that are to be left of a lease when an operation has been given up. */
const margin = 1_000;

/**
 * How long a lease must outlast the moment in which an operation is sent, in milliseconds.
 *
 * @param requestTimeout Milliseconds that the answer may take. Default: 10,000.
 */
export function longestOperation(requestTimeout = usualTimeout): number {
  return requestTimeout + margin;
}
