import type { CommandLine, Flag, Values } from './command-line.ts';
import { quote } from './quote.ts';

/** A script for bash 4 and newer; it needs no package of completions. */
export function bash(commands: readonly CommandLine[]): string {
  return `# Completion of usher for bash: source <(usher completion bash)
_usher() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} verb='' word
  # Bash takes --flag=value apart.
  if [[ $current == '=' ]]; then current=''; elif [[ $previous == '=' ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$verb/$word" in
${commands.flatMap(verbArms).join('\n')}
    esac
  done
  case "$verb $previous" in
${commands.flatMap(({ path, flags }) => flags.flatMap((flag) => valueArm(path, flag))).join('\n')}
  esac
  case "$verb" in
${commands.map(wordsArm).join('\n')}
  esac
}
complete -F _usher usher
`;
}

function verbArms({ path, verbs }: CommandLine): string[] {
  return verbs.map(({ name }) => {
    const whole = quote([...path, name].join(' '));
    return `      ${quote(`${path.join(' ')}/${name}`)}) verb=${whole} ;;`;
  });
}

function valueArm(path: readonly string[], { long, short, values }: Flag): string[] {
  if (values === undefined) return [];
  const names = [long, short].filter((name) => name !== undefined);
  const patterns = names.map((name) => quote(`${path.join(' ')} ${name}`)).join(' | ');
  return [`    ${patterns}) ${reply(values)}; return ;;`];
}

function wordsArm({ path, verbs, flags, values }: CommandLine): string {
  const words = [
    ...verbs.map(({ name }) => name),
    ...(Array.isArray(values) ? (values as readonly string[]) : []),
    ...flags.flatMap(({ long }) => long ?? []),
  ];
  return `    ${quote(path.join(' '))}) ${reply(words)} ;;`;
}

function reply(values: Values): string {
  if (values === 'free') return 'COMPREPLY=()';
  if (values === 'files') return 'mapfile -t COMPREPLY < <(compgen -f -- "$current")';
  if (values === 'folders') return 'mapfile -t COMPREPLY < <(compgen -d -- "$current")';
  return `mapfile -t COMPREPLY < <(compgen -W ${quote(values.join(' '))} -- "$current")`;
}
