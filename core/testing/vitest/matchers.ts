import type { OperationName, Target } from '../../model/operation.ts';
import type { Duration } from '../duration.ts';
import { BotSide, type Finding, type Patience } from '../scene/bot-side.ts';
import {
  type ExpectedText,
  type Wanted,
  wantedLeave,
  wantedOperation,
  wantedText,
  wantedTransfer,
  wantedTyping,
} from '../scene/deed.ts';

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What can be expected of `bot`. Each lets time pass until it is so: await it. */
export interface BotMatchers {
  /** The next thing the bots say is this. Without a text: anything. */
  toSay(text?: ExpectedText, patience?: Patience): Promise<void>;
  /** The customer sees that somebody is typing. */
  toType(patience?: Patience): Promise<void>;
  /** Whoever was typing has stopped. */
  toStopTyping(patience?: Patience): Promise<void>;
  /** Nothing is said, and no sign of typing shown, for so long. */
  toStaySilent(duration: Duration): Promise<void>;
  toAccept(patience?: Patience): Promise<void>;
  toReject(patience?: Patience): Promise<void>;
  /** A colleague is asked, and the customer does not notice. Default: whoever. */
  toConsult(whom?: Target, patience?: Patience): Promise<void>;
  /** The chat goes to somebody else, in one step or after a consultation. Default: whoever. */
  toTransferTo(whom?: Target, patience?: Patience): Promise<void>;
  /** The bots end their part in the chat. */
  toLeave(patience?: Patience): Promise<void>;
  /** Any operation, by its name and as many of its members as are given. */
  toDo(name: OperationName, members?: object, patience?: Patience): Promise<void>;
}

const doing =
  <Given extends unknown[]>(wanted: (...given: Given) => Wanted) =>
  async (bot: unknown, given: Given, patience?: Patience): Promise<MatcherResult> =>
    result(await botIn(bot).does(wanted(...given), patience));

const said = doing(wantedText);
const typing = doing(wantedTyping);
const operation = doing(wantedOperation);
const transfer = doing(wantedTransfer);
const leave = doing(wantedLeave);

export const botMatchers = {
  toSay: (bot: unknown, text?: ExpectedText, patience?: Patience) => said(bot, [text], patience),
  toType: (bot: unknown, patience?: Patience) => typing(bot, [true], patience),
  toStopTyping: (bot: unknown, patience?: Patience) => typing(bot, [false], patience),
  toStaySilent: async (bot: unknown, duration: Duration) => result(await botIn(bot).isSilent(duration)),
  toAccept: (bot: unknown, patience?: Patience) => operation(bot, ['accept'], patience),
  toReject: (bot: unknown, patience?: Patience) => operation(bot, ['reject'], patience),
  toConsult: (bot: unknown, to?: Target, patience?: Patience) =>
    operation(bot, ['startConsultation', { to }], patience),
  toTransferTo: (bot: unknown, to?: Target, patience?: Patience) => transfer(bot, [to], patience),
  toLeave: (bot: unknown, patience?: Patience) => leave(bot, [], patience),
  toDo: (bot: unknown, name: OperationName, members?: object, patience?: Patience) =>
    operation(bot, [name, members], patience),
};

function botIn(subject: unknown): BotSide {
  if (subject instanceof BotSide) return subject;
  throw new TypeError('these expectations are about `bot`, which `scripted` hands over');
}

function result({ met, message }: Finding): MatcherResult {
  return { pass: met, message: () => message };
}
