/** The flags of `usher start`. */
export interface StartFlags {
  readonly config: string;
  /** Which of the config's bots, where it leaves that to `USHER_BOT`. */
  readonly bot?: string;
  /** Nothing that anybody asks for leaves the process. */
  readonly dryRun: boolean;
  readonly once: boolean;
  readonly json: boolean;
  readonly showText?: boolean;
  readonly logLevel: string;
  /** Seconds that open chats may take to end, or to be handed over, once the process is asked to stop. */
  readonly drainWithin: number;
  /** How many processes are to share the agents. Absent: this one has them all, unless the config has a fleet. */
  readonly workers?: number;
}
