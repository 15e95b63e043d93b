import { defer, of } from 'rxjs';
import type { ArmChooser } from '../../bot/running-plugin.ts';
import { armsIn } from '../../experiment/experiment-service.ts';

/** Every chat gets the control of every experiment, and counts in none. */
export const controlOnly: ArmChooser = {
  choose: ({ experiments }) => defer(() => of(armsIn(experiments, {}))),
};
