import { NEVER } from 'rxjs';
import { HandOffRequests } from '../../../core/bot/hand-off-requests.ts';
import type { RunnerServices } from '../../../core/bot/running-plugin.ts';

/** A session in which nobody takes the word and nothing is stopped. */
export function quietServices(): Pick<
  RunnerServices,
  'handOffs' | 'words' | 'drain$' | 'experiments' | 'backlogs'
> {
  return {
    handOffs: new HandOffRequests(),
    words: { takeOver: () => undefined, giveBack: () => undefined },
    drain$: NEVER,
    experiments: { choose: () => NEVER },
    backlogs: new WeakMap(),
  };
}
