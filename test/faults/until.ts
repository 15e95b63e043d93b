import { setTimeout as pause } from 'node:timers/promises';

/** Whether a condition comes to hold within so many milliseconds. */
export async function until(holds: () => boolean, within: number): Promise<boolean> {
  const deadline = performance.now() + within;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await pause(10);
  }
  return true;
}
