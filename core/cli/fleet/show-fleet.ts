import { exitCodes } from '../../errors.ts';
import { pause, stopSignal } from '../stop-signals.ts';
import { fleetText } from './fleet-text.ts';
import { type OpenedFleet, withFleet } from './with-fleet.ts';

export interface FleetFlags {
  readonly config: string;
  readonly json: boolean;
  readonly watch: boolean;
}

/** Milliseconds from one look to the next. */
const between = 1_000;

/** Moves to the upper left and clears what is below. */
const cleared = '\u001b[H\u001b[J';

/** `usher fleet`: who runs how many agents. */
export async function showFleet({ config, json, watch }: FleetFlags): Promise<void> {
  await withFleet(config, async (fleet) => {
    if (!watch) return show(fleet, json);
    const stop = stopSignal();
    do {
      if (!json && process.stdout.isTTY) process.stdout.write(cleared);
      await show(fleet, json);
    } while (await pause(between, stop));
    stop.release();
  });
}

async function show(fleet: OpenedFleet, json: boolean): Promise<void> {
  const state = await fleet.state();
  process.stdout.write(json ? `${JSON.stringify(state)}\n` : `${fleetText(state)}\n`);
  const isWhole = state.shards?.every(({ answers }) => answers) ?? true;
  process.exitCode = isWhole ? exitCodes.ok : exitCodes.failed;
}
