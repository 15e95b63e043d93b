/** What a store is measured by; so many a second each. */
export interface Figures {
  /** Steps of interactions: token and version compared, a document of 1 KB, one event, on the disk. */
  readonly commits: number;
  /** Renewals of leases, one after the other. */
  readonly renewals: number;
  /** Agents whose owner is gone, claimed by the hundred with their interactions; not a number where it does not apply. */
  readonly claims: number;
}

export interface Load {
  /** Open interactions, ten of an agent. */
  readonly interactions: number;
  /** Agents that are claimed at most once their owner is gone. */
  readonly orphans: number;
  /** Commits under way at a time. */
  readonly lanes: number;
  /** Milliseconds that commits, and renewals, are measured. */
  readonly duration: number;
}

/** Something that keeps interactions. */
export interface Contender {
  readonly name: string;
  /** One turn, from nothing. */
  measure(load: Load): Promise<Figures>;
}
