import { expect } from 'vitest';
import { type BotMatchers, botMatchers } from './matchers.ts';

/** Importing this module teaches vitest's `expect` what bots do. */
expect.extend(botMatchers);

declare module 'vitest' {
  // The parameters must be those of vitest's own.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends BotMatchers {}
}

export type { BotMatchers } from './matchers.ts';
