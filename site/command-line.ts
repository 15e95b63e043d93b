import type { Argument, Command, Option } from 'commander';
import { exitCodes } from '../core/errors.ts';

const introduction = `# Command line

\`usher --help\` and \`usher VERB --help\` tell the same. In this repository it is \`npm run usher -- VERB\`.`;

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or stopped in good order (Ctrl-C, SIGTERM)',
  failed: 'failed: server, log-in, a customer of the demo not served',
  usage: 'wrong usage or config',
  lost: 'every agent was given up: no connection for 15 minutes, or another process has taken the seat',
  interrupted: 'interrupted before the orderly stop had ended (second Ctrl-C)',
};

/** docs/command-line.md, made from the command line as it is. */
export function commandLine(program: Command): string {
  const codes = Object.entries(exitCodes).map(([name, code]) => [
    String(code),
    meanings[name as keyof typeof exitCodes],
  ]);
  return `${[
    introduction,
    ...program.commands.flatMap((command) => describe(command, ['usher'])),
    '## Exit codes',
    table(['code', 'meaning'], codes),
    'Every error names what is wrong and its fix, and has a code: [Errors](errors.md).',
  ].join('\n\n')}\n`;
}

function describe(command: Command, path: readonly string[]): string[] {
  const help = command.createHelp();
  const whole = [...path, command.name()];
  if (command.commands.length > 0) return command.commands.flatMap((below) => describe(below, whole));
  const words = help.visibleArguments(command).map((argument) => help.argumentTerm(argument));
  const rows = help
    .visibleOptions(command)
    .filter(({ long }) => long !== '--help')
    .map((option) => [`\`${option.flags}\``, defaultOf(option), option.description]);
  const given = command.registeredArguments.map(
    (argument) =>
      `\`${help.argumentTerm(argument).toUpperCase()}\`: ${argument.description}${choicesOf(argument)}.`,
  );
  return [
    `## ${[...whole, ...words.map((word) => word.toUpperCase())].join(' ')}`,
    asSentence(command.description()),
    ...given,
    ...(rows.length === 0 ? [] : [table(['flag', 'default', 'meaning'], rows)]),
  ];
}

function choicesOf({ argChoices }: Argument | Option): string {
  return argChoices === undefined ? '' : ` of ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`;
}

function defaultOf(option: Option): string {
  const { defaultValue, envVar, negate } = option;
  const value = negate || defaultValue === undefined || defaultValue === false ? '' : `\`${defaultValue}\``;
  return `${value}${choicesOf(option)}${envVar === undefined ? '' : `; by environment \`${envVar}\``}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
