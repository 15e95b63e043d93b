import type { Argument, Command, Option } from 'commander';

/** What may stand where a value is expected. `free`: the shell cannot know. */
export type Values = readonly string[] | 'files' | 'folders' | 'free';

/** A flag as a shell completes it. */
export interface Flag {
  readonly long: string | undefined;
  readonly short: string | undefined;
  readonly description: string;
  /** `undefined`: it takes none. */
  readonly values: Values | undefined;
  readonly repeats: boolean;
}

/** One command with what may follow it; the path of `usher` itself is empty. */
export interface CommandLine {
  readonly path: readonly string[];
  readonly description: string;
  readonly verbs: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly Flag[];
  /** What its first argument may be. */
  readonly values: Values | undefined;
}

/** A command and all those below it. */
export function commandsOf(command: Command, path: readonly string[] = []): CommandLine[] {
  const help = command.createHelp();
  const verbs = help.visibleCommands(command);
  const [argument] = command.registeredArguments;
  const own: CommandLine = {
    path,
    description: command.description(),
    verbs: verbs.map((verb) => ({ name: verb.name(), description: verb.description() })),
    flags: help.visibleOptions(command).map(flagOf),
    values: argument === undefined ? undefined : valuesOf(argument, argument.name()),
  };
  return [own, ...verbs.flatMap((verb) => commandsOf(verb, [...path, verb.name()]))];
}

function flagOf(option: Option): Flag {
  const takesValue = option.required || option.optional;
  const placeholder = /<(.+)>/.exec(option.flags)?.[1] ?? '';
  return {
    long: option.long,
    short: option.short,
    description: option.description,
    values: takesValue ? valuesOf(option, placeholder) : undefined,
    repeats: option.parseArg !== undefined && option.description.includes('may be repeated'),
  };
}

function valuesOf({ argChoices }: Option | Argument, placeholder: string): Values {
  if (argChoices !== undefined) return argChoices;
  if (placeholder === 'file') return 'files';
  return placeholder === 'folder' ? 'folders' : 'free';
}
