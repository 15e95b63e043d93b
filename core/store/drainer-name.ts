import { randomUUID } from 'node:crypto';
import { isGone, processName } from '../fleet/process-name.ts';

/** By what one that drains is known: its process, and which of its drainings. */
export function drainerName(): string {
  return `${processName()} ${randomUUID()}`;
}

/** Whether its process can be seen to be gone, so that nobody has to wait for it. */
export function isDrainerGone(name: string): boolean {
  return isGone(name.split(' ', 1)[0] ?? '');
}
