import { expect } from 'vitest';

/** Waits until what is read is as expected; the time-out is for a machine that is busy. */
export const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 15_000 });
