import { messageOf, UsherError } from '../errors.ts';

/** Prints one error: what, where, how to mend it. The stack only when asked for. Returns the exit code. */
export function reportError(thrown: unknown, trace: boolean, agent?: string): number {
  const error =
    thrown instanceof UsherError
      ? thrown
      : new UsherError('USHER_UNEXPECTED', messageOf(thrown), { cause: thrown });
  const who = agent === undefined ? '' : `agent ${agent}: `;
  process.stderr.write(`usher: ${who}${errorText(error)}\n`);
  if (trace) process.stderr.write(`${traceOf(error)}\n`);
  return error.exitCode;
}

/** A single fault is one line; several get a line each. */
function errorText({ message, fix, code }: UsherError): string {
  const faults = message.split('\n');
  const what =
    faults.length === 1
      ? `${message}.`
      : `${faults.length} faults\n${faults.map((fault) => `  ${fault}`).join('\n')}\n`;
  return `${what} Fix: ${fix}. [${code}]`;
}

function traceOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${traceOf(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
