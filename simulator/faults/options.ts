import type { FaultKind, FaultScope, FaultTunables } from './catalogue.ts';

/** A rate with tunables other than the default ones. */
export interface FaultTuning extends FaultTunables {
  /** Probability per opportunity, from 0 to 1. */
  readonly rate: number;
}

/** Which faults happen by chance; each kind by its rate, or by rate and tunables. Default: none. */
export type FaultOptions = { readonly [Kind in FaultKind]?: number | FaultTuning } & {
  /** The same seed and the same opportunities give the same faults. Default: 1. */
  readonly seed?: number;
  /** Default: operations, notifications and cometd. */
  readonly scope?: readonly FaultScope[];
};

/** A fault that is to happen at the next opportunity, whatever the rates. */
export interface FaultPlan extends FaultTunables {
  readonly kind: FaultKind;
  /** The wire name of an operation, or of a reading, for instance `GET /me`. Default: any within the scope. */
  readonly operation?: string;
  /** Default: any agent. */
  readonly username?: string;
  /** Default: 1. */
  readonly times?: number;
}

/** A fault that happened. */
export interface InjectedFault {
  readonly kind: FaultKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly username: string;
  readonly operation?: string;
  readonly interactionId?: string;
  /** What exactly, where a kind has several ways. */
  readonly detail?: string;
}
