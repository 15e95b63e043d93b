/** What the conductor of the bench, the load server and the contenders tell each other, as messages of processes. */

export const contenders = ['hand-written', 'plain ky', 'lean ky', 'usher'] as const;
export type Contender = (typeof contenders)[number];

/** A load to measure under. */
export interface Load {
  /** `closed`: a customer writes again as soon as it is answered. `paced`: so many lines a second in all. */
  readonly kind: 'closed' | 'paced';
  /** Lines a second; of no account when closed. */
  readonly rate: number;
  /** Milliseconds that are measured, after a quarter of as many that are not. */
  readonly duration: number;
}

export type ToServer =
  | { readonly ask: 'load'; readonly load: Load }
  | { readonly ask: 'chats'; readonly perAgent: number }
  | { readonly ask: 'end' };

export type FromServer =
  | { readonly told: 'listening'; readonly url: string }
  /** Every chat of the agents that are there has been accepted. */
  | { readonly told: 'chatting'; readonly chats: number }
  /** The measured part begins: whoever counts CPU counts from now. */
  | { readonly told: 'measuring' }
  | {
      readonly told: 'measured';
      readonly operations: number;
      readonly seconds: number;
      readonly latencies: readonly number[];
    };

export type ToContender = { readonly ask: 'cpu' | 'memory' | 'end' };

export type FromContender =
  | { readonly told: 'ready' }
  /** Microseconds since the start. */
  | { readonly told: 'cpu'; readonly cpu: number }
  /** Bytes, after the garbage is collected. */
  | { readonly told: 'memory'; readonly rss: number; readonly heap: number };
