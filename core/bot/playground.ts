/** A line as a customer of the playground sees it. */
export interface PlaygroundLine {
  readonly type: string;
  readonly from: string;
  readonly text: string;
  /** The customer wrote it. */
  readonly own: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A customer who is played by hand. */
export interface PlaygroundCustomer {
  /** The chat of the customer, and with that the customer. */
  readonly chatId: string;
  readonly name: string;
  readonly lines: readonly PlaygroundLine[];
  /** The chat is over. */
  readonly gone: boolean;
}

/** Who comes to a playground. */
export interface PlaygroundArrival {
  readonly firstName: string;
  readonly lastName?: string | undefined;
  readonly subject?: string | undefined;
  readonly userData?: Readonly<Record<string, string>> | undefined;
}

/** Something that can be made to go wrong. */
export interface PlaygroundFault {
  readonly name: string;
  readonly does: string;
}

/** A simulated contact centre behind the agents, with which one may play. */
export interface Playground {
  readonly faults: readonly PlaygroundFault[];
  /** Those who were let in here, in their order. */
  readonly customers: readonly PlaygroundCustomer[];
  /** Calls when something about a customer has changed; returns what ends that. */
  onChange(changed: (customer: PlaygroundCustomer) => void): () => void;
  /** Lets a customer in; returns the id of the chat. */
  arrive(arrival: PlaygroundArrival): string;
  /** These three tell whether there is such a customer. */
  say(chatId: string, text: string): boolean;
  type(chatId: string, typing: boolean): boolean;
  leave(chatId: string): boolean;
  /** Lets a customer in who says the same at the same pace; `undefined` if there is none to repeat. */
  repeat(chatId: string): string | undefined;
  /** Lets something go wrong so many times, at the next opportunities. Tells whether there is such a fault. */
  breakDown(fault: string, times: number): boolean;
}
