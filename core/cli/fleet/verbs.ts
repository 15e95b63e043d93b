import type { Command } from 'commander';
import { command, configOption, wholeNumber } from '../flags.ts';

const explained = `
Exit codes:
  0    all of the store answers
  1    it does not answer, or cannot be used; with several, any of them: what the others say is printed
  2    wrong usage or config, or no store that workers could share`;

/** `usher fleet` and what can be done with a fleet. */
export function fleetVerbs(usher: Command): void {
  const fleet = command(usher, 'fleet', 'show the workers that share the agents: who runs how many')
    .helpCommand(false)
    .addOption(configOption())
    .option('--json', 'print the state as JSON', false)
    .option('-w, --watch', 'again every second', false)
    .addHelpText('after', explained)
    .action(async (flags) => (await import('./show-fleet.ts')).showFleet(flags));

  command(fleet, 'drain', 'have a worker give its agents to the others and end, wherever it runs')
    .argument('<worker>', 'its name, or the beginning of its id')
    .addOption(configOption())
    .option('--within <seconds>', 'how long to wait until it has; exit 1 if it has not', wholeNumber, 120)
    .option('--json', 'print what came of it as JSON', false)
    .action(async (worker, _flags, self: Command) =>
      (await import('./drain-worker.ts')).drainWorker(worker, self.optsWithGlobals()),
    );
}
