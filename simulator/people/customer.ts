import type { SimulatorClock } from '../clock.ts';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Chat } from '../engine/part.ts';
import type { Line } from '../engine/records.ts';
import {
  type CustomerResult,
  type CustomerScript,
  type CustomerStep,
  type HeardLine,
  patience,
} from './script.ts';

/** A customer in the web chat, played by a script and, between its steps, by hand. */
export class Customer {
  readonly name: string;
  readonly chatId: string;
  readonly done: Promise<CustomerResult>;
  readonly #centre: ContactCentre;
  readonly #clock: SimulatorClock;
  readonly #chat: Chat;
  readonly #steps: CustomerStep[];
  readonly #heard: HeardLine[] = [];
  readonly #seen: Line[] = [];
  readonly #agents: string[] = [];
  readonly #arrivedAt: number;
  readonly #onSeen: () => void;
  #waitedForAgent: number | undefined;
  #waitedForGreeting: number | undefined;
  /** Lines up to here have met an expectation, or were passed over by one. */
  #consumed = 0;
  #over = false;
  #cancel: () => void = () => undefined;
  #finish: (result: CustomerResult) => void = () => undefined;

  constructor(
    centre: ContactCentre,
    clock: SimulatorClock,
    chat: Chat,
    script: CustomerScript,
    onSeen: () => void = () => undefined,
  ) {
    this.#onSeen = onSeen;
    this.#centre = centre;
    this.#clock = clock;
    this.#chat = chat;
    this.#steps = [...script.steps];
    this.#arrivedAt = clock.now();
    this.name = chat.customer.nickname;
    this.chatId = chat.id;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    this.#cancel = clock.after(0, () => this.#next());
  }

  /** What agents said to the customer. */
  get heard(): readonly HeardLine[] {
    return this.#heard;
  }

  /** Every line the customer has seen: texts, typing, arrivals, pushed addresses, the own ones included. */
  get seen(): readonly Line[] {
    return this.#seen;
  }

  say(text: string): void {
    this.#centre.customerSays(this.#chat, text);
  }

  type(typing: boolean): void {
    this.#centre.customerTypes(this.#chat, typing);
  }

  leave(): void {
    this.#end(undefined);
  }

  /** The customer sees a line of the chat. */
  see(line: Line): void {
    this.#seen.push(line);
    this.#onSeen();
    if (line.from.type === 'Customer') return;
    const waited = this.#clock.now() - this.#arrivedAt;
    if (line.type === 'ParticipantJoined') {
      this.#agents.push(line.from.nickname);
      this.#waitedForAgent ??= waited;
    }
    if (line.type === 'Text') {
      this.#heard.push({ from: line.from.nickname, text: line.text ?? '', at: line.at });
      this.#waitedForGreeting ??= waited;
    }
    this.#look();
  }

  /** The chat ends from the other side. */
  close(): void {
    const step = this.#steps[0];
    const open = this.#steps.some((one) => !('leave' in one));
    this.#end(open && step !== undefined ? `the chat ended before ${describe(step)}` : undefined);
  }

  #next(): void {
    const step = this.#steps[0];
    if (this.#over) return;
    if (step === undefined || 'leave' in step) return this.#end(undefined);
    if ('say' in step) {
      this.say(step.say);
      return this.#pass(0);
    }
    if ('pause' in step) return this.#pass(step.pause);
    if ('choose' in step) {
      this.#steps.splice(0, 1, ...step.choose(this.#heard));
      return this.#next();
    }
    if ('type' in step) {
      this.type(true);
      this.#cancel = this.#clock.after(step.type, () => {
        this.type(false);
        this.#pass(0);
      });
      return;
    }
    const within = step.within ?? patience;
    this.#cancel = this.#clock.after(within, () => this.#end(`waited ${within} ms for ${describe(step)}`));
    this.#look();
  }

  #pass(after: number): void {
    this.#steps.shift();
    this.#cancel = this.#clock.after(after, () => this.#next());
  }

  /** Whether what the present step waits for is there. */
  #look(): void {
    const step = this.#steps[0];
    if (this.#over || step === undefined) return;
    if ('expectAgent' in step && this.#agents.includes(step.expectAgent)) {
      this.#cancel();
      return this.#pass(0);
    }
    if (!('expect' in step)) return;
    const at = this.#heard.findIndex((line, index) => index >= this.#consumed && fits(line, step));
    if (at < 0) return;
    this.#consumed = at + 1;
    this.#cancel();
    this.#pass(0);
  }

  #end(failure: string | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancel();
    this.#centre.customerLeaves(this.#chat);
    const last = this.#heard.at(-1);
    const instead = last === undefined ? 'nothing was heard' : `last heard: "${last.text}" from ${last.from}`;
    this.#finish({
      name: this.name,
      chatId: this.chatId,
      served: failure === undefined,
      ...(failure !== undefined && { failure: `${failure}; ${instead}` }),
      heard: this.#heard,
      ...(this.#waitedForAgent !== undefined && { waitedForAgent: this.#waitedForAgent }),
      ...(this.#waitedForGreeting !== undefined && { waitedForGreeting: this.#waitedForGreeting }),
    });
  }
}

function fits(
  { from, text }: HeardLine,
  { expect, from: wanted }: Extract<CustomerStep, { expect: unknown }>,
): boolean {
  if (wanted !== undefined && from !== wanted) return false;
  return typeof expect === 'string' ? text.includes(expect) : text.search(expect) >= 0;
}

function describe(step: CustomerStep): string {
  if ('expect' in step)
    return `a line with ${step.expect}${step.from === undefined ? '' : ` from ${step.from}`}`;
  if ('expectAgent' in step) return `agent ${step.expectAgent}`;
  return JSON.stringify(step);
}
