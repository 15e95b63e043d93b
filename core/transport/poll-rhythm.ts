import type { Advice, Extension, Message } from 'cometd';
import { asyncScheduler } from 'rxjs';

export interface RhythmOptions {
  /** Milliseconds that the server may hold a poll. */
  readonly hold: number;
}

/** Bounds, in milliseconds, of what a server may advise. */
const longestHold = 120_000;
const longestInterval = 60_000;
/** What the library assumes where the server advises nothing. */
const usualHold = 60_000;

/** A held poll that ends so soon, and with nothing, was not held. */
const atOnce = 100;
const freeSpins = 3;
const longestCalm = 2_000;

type Bounded = Readonly<Required<Pick<Advice, 'interval' | 'timeout' | 'maxInterval'>>> & {
  readonly reconnect?: 'retry' | 'handshake' | 'none';
};

interface Poll {
  readonly sentAt: number;
  /** The first poll after a loss asks not to be held. */
  readonly isHeld: boolean;
  endedAt?: number;
  /** Messages that came meanwhile. */
  told: number;
  isExtended: boolean;
}

/**
 * Stands between the server's advice and the library, as an extension of CometD.
 *
 * Advice is kept within bounds: what is unreadable, or makes the library stand still, is not handed on. The server
 * is asked to hold polls no longer than wanted, so that a dead line is noticed; a server that holds them longer all
 * the same is waited for. A server that does not hold them at all is asked less and less often.
 */
export class PollRhythm implements Extension {
  readonly #wanted: number;
  #advice: Bounded = { interval: 0, timeout: usualHold, maxInterval: 0 };
  #poll: Poll | undefined;
  #isObeyed = false;
  #spins = 0;
  #calm = 0;

  constructor({ hold }: RhythmOptions) {
    this.#wanted = hold;
  }

  /** Milliseconds within which a poll, and the pause before it, are over if all is well. */
  get longest(): number {
    const { interval, timeout } = this.#advice;
    return (this.#isObeyed ? Math.min(this.#wanted, timeout) : timeout) + Math.max(interval, this.#calm);
  }

  incoming(message: Message): Message {
    if (message.channel === '/meta/connect') this.#end(message);
    else if (this.#poll !== undefined && !message.channel.startsWith('/meta/')) this.#poll.told += 1;
    if (message.advice !== undefined) this.#advice = bounded(message.advice);
    const isBeat = message.channel === '/meta/connect' || message.channel === '/meta/handshake';
    return message.advice !== undefined || isBeat ? { ...message, advice: this.#given(message) } : message;
  }

  outgoing(message: Message): Message {
    if (message.channel !== '/meta/connect') return message;
    this.#judge();
    const isHeld = message.advice?.timeout !== 0;
    this.#poll = { sentAt: asyncScheduler.now(), isHeld, told: 0, isExtended: false };
    return isHeld && this.#isTooLong ? { ...message, advice: { timeout: this.#wanted } } : message;
  }

  /** Milliseconds to go on waiting for a poll that is late: the server may hold it as long as it advised. */
  lateness(messages: readonly Message[]): number {
    const poll = this.#poll;
    if (poll === undefined || !messages.some(({ channel }) => channel === '/meta/connect')) return 0;
    const mayBeHeld = this.#isTooLong && !this.#isObeyed && !poll.isExtended;
    this.#isObeyed = false;
    poll.isExtended = true;
    return mayBeHeld ? this.#advice.timeout - this.#wanted : 0;
  }

  get #isTooLong(): boolean {
    return this.#advice.timeout > this.#wanted;
  }

  #end({ successful }: Message): void {
    if (successful !== true) this.#poll = undefined;
    else if (this.#poll !== undefined) this.#poll.endedAt = asyncScheduler.now();
  }

  /** Judges the last poll when the next is due: only then is all told that its answer held. */
  #judge(): void {
    if (this.#poll?.endedAt === undefined || !this.#poll.isHeld) return;
    const { sentAt, endedAt, told } = this.#poll;
    const took = endedAt - sentAt;
    const { timeout } = this.#advice;
    // Halfway between what was asked and what was advised; clocks that were set meanwhile prove nothing.
    if (told === 0 && took >= this.#wanted / 2 && took < (this.#wanted + timeout) / 2) this.#isObeyed = true;
    this.#spins = told === 0 && took >= 0 && took < atOnce ? this.#spins + 1 : 0;
    this.#calm =
      this.#spins <= freeSpins ? 0 : Math.min(atOnce * 2 ** (this.#spins - freeSpins - 1), longestCalm);
  }

  #given({ successful }: Message): Advice {
    const { interval, timeout, reconnect } = this.#advice;
    // Where all went well, the library stops at any other word than retry and none.
    const isFit = successful !== true || reconnect === 'none';
    return {
      ...this.#advice,
      interval: Math.max(interval, this.#calm),
      timeout: Math.min(timeout, this.#wanted),
      ...(!isFit && { reconnect: 'retry' }),
    };
  }
}

function bounded(advice: unknown): Bounded {
  const { interval, timeout, maxInterval, reconnect } = (advice ?? {}) as Record<string, unknown>;
  return {
    interval: within(interval, longestInterval) ?? 0,
    timeout: within(timeout, longestHold) ?? usualHold,
    maxInterval: within(maxInterval, Number.MAX_SAFE_INTEGER) ?? 0,
    ...((reconnect === 'retry' || reconnect === 'handshake' || reconnect === 'none') && { reconnect }),
  };
}

function within(value: unknown, most: number): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.min(value, most) : undefined;
}
