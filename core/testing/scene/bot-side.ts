import { type Duration, durationText, milliseconds } from '../duration.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { type Chronicle, deedText } from './chronicle.ts';
import type { Deed, Wanted } from './deed.ts';

/** How an expectation came out. */
export interface Finding {
  readonly met: boolean;
  /** What was expected, what was instead, and all that happened. */
  readonly message: string;
}

export interface Patience {
  /** How long it may take. Default: 10s. */
  readonly within?: Duration;
}

/** What the bots of a scene have done, and which of it expectations have looked at. */
export interface Doings {
  readonly time: Pick<VirtualTime, 'until'>;
  readonly chronicle: Chronicle;
  readonly deeds: readonly Deed[];
  readonly lookedAt: Set<Deed>;
}

/** What the bots do in one chat, expectation by expectation: each looks at what none before it has looked at. */
export class BotSide {
  readonly #doings: Doings;
  readonly #chatId: () => string;

  constructor(doings: Doings, chatId: () => string) {
    this.#doings = doings;
    this.#chatId = chatId;
  }

  /** The bots in the chat of one customer, where there are several. */
  with({ chatId }: { readonly chatId: string }): BotSide {
    return new BotSide(this.#doings, () => chatId);
  }

  /** Lets time pass until the bots have done it, or something else of its kind, or the time is over. */
  async does(wanted: Wanted, { within = '10s' }: Patience = {}): Promise<Finding> {
    const next = (): Deed | undefined => this.#unseen.find(({ operation }) => wanted.isOfKind(operation));
    await this.#doings.time.until(() => next() !== undefined, milliseconds(within));
    const deed = next();
    if (deed === undefined)
      return this.#finding(false, `${wanted.text} within ${durationText(within)}, and did not`);
    const met = wanted.isIt(deed.operation);
    if (!met) return this.#finding(false, `${wanted.text}; instead: ${deedText(deed.operation)}`);
    this.#see(deed);
    return this.#finding(true, `${wanted.text}, and did`);
  }

  /** Lets the time pass; from now on the bots must say nothing, and show no sign of typing, all the while. */
  async isSilent(duration: Duration): Promise<Finding> {
    const { time, deeds } = this.#doings;
    const from = deeds.length;
    const isNoise = ({ operation }: Deed) =>
      operation.interactionId === this.#chatId() &&
      (operation.name === 'sendMessage' || (operation.name === 'sendTyping' && operation.typing));
    const isNoisy = await time.until(() => deeds.slice(from).some(isNoise), milliseconds(duration));
    return this.#finding(
      !isNoisy,
      `stay silent for ${durationText(duration)}, and did${isNoisy ? ' not' : ''}`,
    );
  }

  get #unseen(): readonly Deed[] {
    const { deeds, lookedAt } = this.#doings;
    const id = this.#chatId();
    return deeds.filter((deed) => deed.operation.interactionId === id && !lookedAt.has(deed));
  }

  /** What came before it has been passed over. */
  #see(deed: Deed): void {
    for (const earlier of this.#unseen) {
      this.#doings.lookedAt.add(earlier);
      if (earlier === deed) return;
    }
  }

  #finding(met: boolean, expectation: string): Finding {
    return { met, message: `the bots were expected to ${expectation}\n\n${this.#doings.chronicle.text}` };
  }
}
