/** What a scripted customer does, step by step. */
export type CustomerStep =
  | { readonly say: string }
  /** Milliseconds of typing. */
  | { readonly type: number }
  /** Milliseconds of doing nothing. */
  | { readonly pause: number }
  /** Waits for an agent's line; a text must be contained, a pattern must match. */
  | { readonly expect: string | RegExp; readonly from?: string; readonly within?: number }
  /** Waits until an agent of this nickname is in the chat. */
  | { readonly expectAgent: string; readonly within?: number }
  /** Decides what comes next by what was heard. */
  | { readonly choose: (heard: readonly HeardLine[]) => readonly CustomerStep[] }
  | { readonly leave: true };

export interface CustomerScript {
  readonly firstName: string;
  readonly lastName?: string;
  readonly subject?: string;
  /** The skill an agent must have. Default: any agent. */
  readonly skill?: string;
  readonly userData?: Readonly<Record<string, string>>;
  /** A script that does not end with `leave` leaves at its end. */
  readonly steps: readonly CustomerStep[];
}

export interface HeardLine {
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** How the customer fared. */
export interface CustomerResult {
  readonly name: string;
  readonly chatId: string;
  /** Every expectation was met. */
  readonly served: boolean;
  /** Which step failed, and what was heard instead. */
  readonly failure?: string;
  readonly heard: readonly HeardLine[];
  /** Milliseconds until an agent had joined, if one did. */
  readonly waitedForAgent?: number;
  /** Milliseconds until an agent's first line, if there was one. */
  readonly waitedForGreeting?: number;
}

/** Milliseconds that a customer waits for what a step expects. */
export const patience = 15_000;
