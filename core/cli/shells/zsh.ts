import type { CommandLine, Flag, Values } from './command-line.ts';
import { quote } from './quote.ts';

/** A script for zsh: one function for each command, by the system that zsh brings along. */
export function zsh(commands: readonly CommandLine[]): string {
  return `#compdef usher
# Completion of usher for zsh: source it, or put it as _usher into a folder of $fpath.
${commands.map(functionOf).join('\n')}
if [[ $funcstack[1] == _usher ]]; then _usher "$@"; else compdef _usher usher; fi
`;
}

function functionOf(command: CommandLine): string {
  const { path, verbs, flags, values } = command;
  const specs = flags.flatMap(flagSpecs);
  if (verbs.length === 0) {
    const argument = values === undefined ? [] : [quote(`1:${path.at(-1)}:${action(values)}`)];
    return `${nameOf(path)}() {\n  ${['_arguments -S', ...specs, ...argument].join(' \\\n    ')}\n}\n`;
  }
  const described = verbs.map(({ name, description }) => quote(`${name}:${description}`));
  return `${nameOf(path)}() {
  local line state
  local -a verbs=(${described.join(' ')})
  ${['_arguments -C -S', ...specs, quote('1:verb:->verb'), quote('*::argument:->rest')].join(' \\\n    ')}
  case $state in
    verb) _describe verb verbs ;;
    rest) case $line[1] in
${verbs.map(({ name }) => `      ${name}) ${nameOf([...path, name])} ;;`).join('\n')}
    esac ;;
  esac
}
`;
}

function nameOf(path: readonly string[]): string {
  return ['_usher', ...path].join('_');
}

function flagSpecs({ long, short, description, values, repeats }: Flag): string[] {
  const names = [long, short].filter((name) => name !== undefined);
  const told = `[${description.replace(/[[\]\\]/g, '\\$&')}]`;
  return names.map((name) => {
    const once = repeats ? '*' : `(${names.join(' ')})`;
    const joint = values !== undefined && name === long ? '=' : '';
    const value = values === undefined ? '' : `:value:${action(values)}`;
    return quote(`${once}${name}${joint}${told}${value}`);
  });
}

function action(values: Values): string {
  if (values === 'free') return ' ';
  if (values === 'files') return '_files';
  return values === 'folders' ? '_files -/' : `(${values.join(' ')})`;
}
