import { type Bot, defineBot, type Target } from '../core/index.ts';
import { autoAccept } from '../plugins/auto-accept.ts';
import { greeter } from '../plugins/greeter.ts';
import { handOver } from '../plugins/hand-over.ts';
import { wrapUp } from '../plugins/wrap-up.ts';

export interface AutoGreeterOptions {
  /** A template over user data and agent. Default: a plain greeting by first name. */
  readonly text?: string;
  /** Whom the chat is transferred to after the greeting. Default: nobody, the bot stays and keeps silent. */
  readonly handOverTo?: Target;
  /** How many chats at a time. Default: no limit but that of GWS. */
  readonly capacity?: number;
}

/** Accepts and greets, nothing else: a colleague does the talking. */
export function autoGreeter({ text, handOverTo, capacity }: AutoGreeterOptions = {}): Bot {
  return defineBot({
    name: 'auto-greeter',
    handles: ({ kind }) => kind !== 'consultation',
    plugins: [
      autoAccept({ capacity }),
      greeter({
        text: text ?? 'Hello {FirstName|there}, thank you for waiting. A colleague is with you in a moment.',
      }),
      handOverTo !== undefined && handOver({ to: handOverTo }),
      wrapUp(),
    ],
  });
}
