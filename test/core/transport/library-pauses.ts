import { onTestFinished } from 'vitest';
import { createCometD } from '../../../core/transport/cometd-library.ts';

/**
 * Lets the CometD library wait no longer than a millisecond before its next poll, until the test ends, and notes how
 * long it meant to wait. What is longer than its longest pause is a time-out, and left alone.
 */
export function skippingPauses(longest = 5_500): number[] {
  createCometD();
  const { window } = globalThis as unknown as { window: { setTimeout: typeof setTimeout } };
  const { setTimeout: usual } = window;
  const pauses: number[] = [];
  window.setTimeout = ((run: () => void, delay: number) => {
    if (delay > longest) return usual(run, delay);
    pauses.push(delay);
    return usual(run, Math.min(delay, 1));
  }) as typeof setTimeout;
  onTestFinished(() => {
    window.setTimeout = usual;
  });
  return pauses;
}
