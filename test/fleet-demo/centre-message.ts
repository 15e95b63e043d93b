import type { Verdict } from './transcripts.ts';

/** What the demo asks of its contact centre. */
export type CentreWish =
  | { readonly do: 'open'; readonly customers: number }
  /** Nobody is let in any more; `within`: milliseconds that those who are here may take. */
  | { readonly do: 'close'; readonly within: number };

/** What the contact centre tells the demo. */
export type CentreNews =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'tally'; readonly open: number; readonly ended: number; readonly answers: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict; readonly failures: readonly string[] };
