import type { Operation } from '../model/operation.ts';

/** The `once` key of the nth operation of a plugin's answer to a line: the same one when it is handled again. */
export function replyKey(plugin: string, line: number, nth: number): string {
  return `reply:${plugin}:${line}:${nth}`;
}

/** The index of the customer's line that an operation answers, where it is an answer of a `message` function. */
export function answeredLine({ once }: Pick<Operation, 'once'>): number | undefined {
  const [, line] = /^reply:.*:(\d+):\d+$/.exec(once ?? '') ?? [];
  return line === undefined ? undefined : Number(line);
}
