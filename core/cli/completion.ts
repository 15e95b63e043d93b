import type { Command } from 'commander';
import { bash } from './shells/bash.ts';
import { commandsOf } from './shells/command-line.ts';
import { fish } from './shells/fish.ts';
import { zsh } from './shells/zsh.ts';

const scripts = { bash, zsh, fish } as const;

export type Shell = keyof typeof scripts;

/** `usher completion`: prints the script of a shell, made from the command line as it is. */
export function completion(shell: Shell, usher: Command): void {
  process.stdout.write(scripts[shell](commandsOf(usher)));
}
