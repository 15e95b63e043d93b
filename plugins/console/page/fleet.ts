import { signal } from '@preact/signals';
import type { FleetMessage } from '../wire.ts';
import { follow } from './live.ts';

/** `undefined` as long as nothing was told. */
export const fleet = signal<FleetMessage | undefined>(undefined);

export function followFleet(): () => void {
  return follow<FleetMessage>('./api/live/fleet', undefined, (message) => {
    fleet.value = message;
  });
}
