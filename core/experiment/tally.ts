import type { Assignment, Features, Measures } from '../model/experiment.ts';
import type { Ended } from './records.ts';

/** The experiments that a chat is in. */
export type Entries = Readonly<Record<string, Entry>>;

/** A chat's place in one experiment. */
interface Entry extends Assignment {
  /** When the arm came to matter, in milliseconds since 1970; absent before. */
  readonly exposedAt?: number;
  readonly features?: Features;
}

/** What a chat has come to so far. It is kept in the chat's document, so it goes on after a restart. */
export interface Tally {
  readonly entries: Entries;
  /** When the agent joined, and what else happened first: in milliseconds since 1970. */
  readonly joinedAt?: number;
  readonly greetedAt?: number;
  readonly askedAt?: number;
  readonly repliedAt?: number;
  /** Lines of the customer. */
  readonly turns: number;
  /** The latest line was the customer's. */
  readonly isWaiting: boolean;
  /** The customer is gone: the participants tell so, or the transcript, behind which no line counts any more. */
  readonly left?: 'told' | 'written';
  readonly handOff?: 'begun' | 'completed';
  readonly disposition?: string;
  readonly surveyScore?: number;
  /** What plugins noted, by the names of the measures. */
  readonly notes: Readonly<Record<string, number>>;
}

/** Under which a chat's document keeps its tally. */
export const tallyKey = 'usher/experiments';

export function newTally(entries: Entries): Tally {
  return { entries, turns: 0, isWaiting: false, notes: {} };
}

/** A line that the customer can see. */
export function withLine(tally: Tally, from: 'customer' | 'us' | 'colleague', at: number): Tally {
  if (tally.left === 'written') return tally;
  if (from === 'customer') {
    return { ...tally, turns: tally.turns + 1, isWaiting: true, askedAt: tally.askedAt ?? at };
  }
  return {
    ...tally,
    isWaiting: false,
    ...(from === 'us' && { greetedAt: tally.greetedAt ?? at }),
    ...(tally.askedAt !== undefined && { repliedAt: tally.repliedAt ?? at }),
  };
}

/** A plugin noted something. */
export function withNote(
  tally: Tally,
  what: string,
  facts: Readonly<Record<string, string | number | boolean>>,
): Tally {
  const notes: Record<string, number> = { ...tally.notes };
  notes[`note:${what}`] = (notes[`note:${what}`] ?? 0) + 1;
  for (const [fact, value] of Object.entries(facts)) {
    if (typeof value === 'string') continue;
    notes[`note:${what}.${fact}`] = (notes[`note:${what}.${fact}`] ?? 0) + Number(value);
  }
  const { score } = facts;
  return {
    ...tally,
    notes,
    ...(what === 'survey' && typeof score === 'number' && { surveyScore: score }),
    ...(what === 'hand-off' && {
      handOff: facts['phase'] === 'completed' || tally.handOff === 'completed' ? 'completed' : 'begun',
    }),
  };
}

/** What the chat came to, when it ended at `at`; without, nobody knows how long it was. */
function measuresOf(tally: Tally, at?: number): Measures {
  const { joinedAt, greetedAt, askedAt, repliedAt, left, isWaiting } = tally;
  const { handOff, disposition, surveyScore } = tally;
  const since = (name: string, from: number | undefined, to: number | undefined): Measures =>
    from === undefined || to === undefined ? {} : { [name]: Math.max(0, to - from) };
  return {
    ...tally.notes,
    greeted: Number(greetedAt !== undefined),
    engaged: Number(askedAt !== undefined),
    answered: Number(repliedAt !== undefined),
    abandoned: Number(left !== undefined && (isWaiting || greetedAt === undefined)),
    handOff: Number(handOff !== undefined),
    handedOver: Number(handOff === 'completed'),
    turns: tally.turns,
    ...since('duration', joinedAt, at),
    ...since('timeToGreeting', joinedAt, greetedAt),
    ...since('timeToFirstReply', askedAt, repliedAt),
    ...(disposition !== undefined && { disposition }),
    ...(surveyScore !== undefined && { surveyScore }),
  };
}

/** What a chat came to, for each experiment whose arm came to matter to it. */
export function endsOf(tally: Tally, at?: number): readonly { readonly key: string; readonly body: Ended }[] {
  const measures = measuresOf(tally, at);
  return Object.entries(tally.entries)
    .filter(([, { exposedAt }]) => exposedAt !== undefined)
    .map(([key]) => ({ key, body: { measures, ...(at !== undefined && { at }) } }));
}
