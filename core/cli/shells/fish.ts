import type { CommandLine, Flag, Values } from './command-line.ts';
import { quote } from './quote.ts';

/** A script for fish 3 and newer. */
export function fish(commands: readonly CommandLine[]): string {
  return `# Completion of usher for fish: usher completion fish | source
complete --command usher --no-files
${commands.flatMap((command) => linesOf(command, commands)).join('\n')}
`;
}

function linesOf({ path, verbs, flags, values }: CommandLine, commands: readonly CommandLine[]): string[] {
  const line = (...parts: readonly string[]): string =>
    ['complete --command usher', `--condition ${quote(conditionOf(path, commands))}`, ...parts].join(' ');
  return [
    ...verbs.map(({ name, description }) =>
      line(`--arguments ${quote(name)}`, `--description ${quote(description)}`),
    ),
    ...(values === undefined ? [] : [line(argumentsOf(values))]),
    ...flags.map((flag) => line(...flagParts(flag))),
  ];
}

/** The command stands there, and none of those below it. */
function conditionOf(path: readonly string[], commands: readonly CommandLine[]): string {
  const below = commands.find((command) => command.path.join(' ') === path.join(' '))?.verbs ?? [];
  const seen = path.map((verb) => `__fish_seen_subcommand_from ${verb}`);
  const unseen =
    below.length === 0 ? [] : [`not __fish_seen_subcommand_from ${below.map(({ name }) => name).join(' ')}`];
  return [...seen, ...unseen].join('; and ');
}

function flagParts({ long, short, description, values }: Flag): string[] {
  return [
    ...(long === undefined ? [] : [`--long-option ${long.replace(/^--/, '')}`]),
    ...(short === undefined ? [] : [`--short-option ${short.replace(/^-/, '')}`]),
    `--description ${quote(description)}`,
    ...(values === undefined ? [] : [argumentsOf(values)]),
  ];
}

/** Files are offered nowhere else: `--no-files` of the first line does not hold behind a flag. */
function argumentsOf(values: Values): string {
  if (values === 'files') return '--require-parameter --force-files';
  if (values === 'free') return '--exclusive';
  const words = values === 'folders' ? '(__fish_complete_directories)' : values.join(' ');
  return `--exclusive --arguments ${quote(words)}`;
}
