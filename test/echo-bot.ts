import { defineBot } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { echo } from './echo.ts';

/** Takes every chat, greets once by the first name, answers each line, types before each, and wraps up. */
export const echoBot = defineBot({
  name: 'tested',
  plugins: [
    autoAccept(),
    greeter({ text: 'Hello {FirstName}!' }),
    echo(),
    wrapUp(),
    typing({ charactersPerSecond: 1_000, minimum: 2, maximum: 20 }),
  ],
});
