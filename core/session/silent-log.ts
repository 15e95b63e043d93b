import type { Logger } from '../ports.ts';

const silent = (): void => undefined;

/** A log that keeps quiet. */
export const silentLog: Logger = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  child: () => silentLog,
};
