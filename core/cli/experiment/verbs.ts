import { type Command, InvalidArgumentError, Option } from 'commander';
import { command, configOption, wholeNumber } from '../flags.ts';

const explained = `
An experiment gives chats one of several arms, and compares what comes of them: docs/experiments.md.`;

/** The verbs of `usher experiment`. */
export function experimentVerbs(usher: Command): void {
  const experiment = command(
    usher,
    'experiment',
    'plan, follow, stop and evaluate the experiments of the config',
  )
    .helpCommand(false)
    .addHelpText('after', explained);

  command(experiment, 'plan', 'how many units an effect needs, or which effect so many units find')
    .addOption(
      new Option('--kind <kind>', 'what is compared')
        .choices(['proportion', 'mean', 'duration', 'ratio'])
        .default('proportion'),
    )
    .option('--baseline <share>', 'proportion: the share in the control, from 0 to 1', number)
    .option(
      '--effect <size>',
      'the smallest effect worth finding: a difference; of a duration a factor',
      number,
    )
    .option(
      '--sd <size>',
      'of a mean, ratio or duration: the standard deviation of a unit; of a duration that of the logarithms',
      number,
    )
    .option('--units <number>', 'instead of --effect: which effect so many units find', wholeNumber)
    .option('--per-day <number>', 'how many units come in a day, to tell the days', wholeNumber)
    .option('--alpha <chance>', 'the chance of a false alarm', number, 0.05)
    .option('--power <chance>', 'the chance to find the effect', number, 0.8)
    .option('--looks <number>', 'how often one looks until the end, at most 365', wholeNumber, 14)
    .option('--arms <number>', 'how many arms, the control included', wholeNumber, 2)
    .option('--metrics <number>', 'how many metrics the experiment has, guards not included', wholeNumber, 1)
    .option('--json', 'print the numbers as JSON', false)
    .action(async (flags) => (await import('./plan.ts')).plan(flags));

  command(experiment, 'report', 'what the experiments have come to; exit 1 if a split is broken')
    .argument('[key]', 'which; default: all')
    .addOption(configOption())
    .option('--json', 'print the report as JSON', false)
    .action(async (key, flags) => (await import('./report.ts')).report(key, flags));

  for (const [verb, stopped, what] of [
    ['stop', true, 'give everybody the control from now on'],
    ['resume', false, 'let a stopped experiment go on'],
  ] as const) {
    command(experiment, verb, what)
      .argument('<key>', 'which')
      .addOption(configOption())
      .option('--reason <text>', 'what the record says', 'by hand')
      .action(async (key, flags) => (await import('./turn.ts')).turn(key, stopped, flags));
  }

  command(
    experiment,
    'rehearse',
    'play an experiment on the embedded simulator, with customers of a known truth',
  )
    .argument('<key>', 'which; it needs the metric engaged')
    .requiredOption('--truth <arm=share,...>', 'the share of customers that each arm brings to write', shares)
    .addOption(configOption())
    .option('--bot <name>', 'which bot the config is to run, where it chooses by USHER_BOT')
    .option('--customers <number>', 'how many', wholeNumber, 800)
    .option('--seed <text>', 'other customers', 'customer')
    .option('--json', 'print the report as JSON', false)
    .action(async (key, flags) => (await import('./rehearse.ts')).rehearse(key, flags));

  command(experiment, 'export', 'a line for each chat of an experiment that is over')
    .argument('<key>', 'which')
    .addOption(configOption())
    .option('--csv', 'as CSV; default: JSON lines', false)
    .option('--out <file>', 'where to; default: print it')
    .action(async (key, flags) => (await import('./export.ts')).exportRecords(key, flags));

  command(experiment, 'evaluate', 'what another policy would have brought, from what was recorded')
    .argument('<key>', 'which')
    .requiredOption('--policy <file>', 'a module: (features) => the chances of the arms')
    .addOption(configOption())
    .option('--recording <files...>', "instead of the store's records: recordings, which are replayed")
    .option('--json', 'print the estimates as JSON', false)
    .action(async (key, flags) => (await import('./evaluate.ts')).evaluate(key, flags));
}

function number(text: string): number {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) throw new InvalidArgumentError('It must be a number.');
  return Number(text);
}

function shares(text: string): Readonly<Record<string, number>> {
  const truth: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, arm = '', share = ''] = /^([a-z][a-z0-9-]*)=(0|1|0?\.\d+|1\.0+)$/.exec(part.trim()) ?? [];
    if (share === '')
      throw new InvalidArgumentError('It must look like plain=0.4,warm=0.6, with shares from 0 to 1.');
    if (Object.hasOwn(truth, arm)) throw new InvalidArgumentError(`It names ${arm} twice.`);
    truth[arm] = Number(share);
  }
  return truth;
}
