import type { InteractionKind } from '../../model/interaction.ts';
import type { Finding } from '../scene/bot-side.ts';
import type { Wanted } from '../scene/deed.ts';
import type { Fault } from '../server/faults.ts';

/** What a colleague does. */
export type ColleagueAct =
  | 'accepts'
  | 'refuses'
  | 'leaves'
  | { readonly says: string; readonly toAgents: boolean };

/** What a customer does once it is in the chat. */
export type CustomerAct = 'leaves' | { readonly types: boolean } | { readonly says: readonly string[] };

/** Where a scenario is played: in virtual time, or against a server. Times are milliseconds. */
export interface World {
  invite(options: {
    readonly kind?: InteractionKind | undefined;
    readonly saying?: readonly string[] | undefined;
  }): Promise<void>;
  customer(act: CustomerAct): Promise<void>;
  colleague(act: ColleagueAct): Promise<void>;
  begin(faults: readonly Fault[]): Promise<void>;
  /** None: all of them. */
  end(faults: readonly Fault[]): Promise<void>;
  wait(milliseconds: number): Promise<void>;
  does(wanted: Wanted, within: number): Promise<Finding>;
  isSilent(milliseconds: number): Promise<Finding>;
  /** What happened so far. */
  readonly chronicle: string;
  /** The problems that the plugins caused, by code. */
  readonly problems: readonly string[];
}
