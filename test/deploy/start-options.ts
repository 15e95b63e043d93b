import { program } from '../../core/cli/main.ts';

/**
 * What of these arguments the command line does not take, and how long chats have by them.
 *
 * @throws CommanderError where the arguments are none of the command.
 */
export function drainWithin(flags: readonly string[]): number {
  const start = program().commands.find((command) => command.name() === 'start');
  if (start === undefined) throw new Error('there is no usher start');
  const { unknown } = start.exitOverride().parseOptions([...flags]);
  if (unknown.length > 0) throw new Error(`usher start does not know ${unknown.join(' ')}`);
  return Number(start.opts()['drainWithin']);
}
