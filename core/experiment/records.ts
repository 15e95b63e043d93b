import { UsherError } from '../errors.ts';
import { type Assignment, type Features, holdoutArm, type Measures } from '../model/experiment.ts';
import type { Json, Store } from '../store/store.ts';

/** What experiments need of a store. */
export type Records = Pick<Store, 'recorded' | 'keep' | 'kept'>;

/** The keys under which an experiment's records stand. */
export const keys = {
  unit: (experiment: string, unit: string) => `experiment/${experiment}/unit/${unit}`,
  chat: (experiment: string, interactionId: string) => `experiment/${experiment}/chat/${interactionId}`,
  end: (experiment: string, interactionId: string) => `experiment/${experiment}/end/${interactionId}`,
  chats: (experiment: string) => `experiment/${experiment}/chat/`,
  ends: (experiment: string) => `experiment/${experiment}/end/`,
  switches: (experiment: string) => `experiment/${experiment}/switch/`,
};

/** A chat in which an arm came to matter. */
export interface Exposed extends Assignment {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly agent: string;
  readonly features?: Features;
}

/** What became of a chat. */
export interface Ended {
  /** Milliseconds since 1970; absent if it ended while nobody was there. */
  readonly at?: number;
  readonly measures: Measures;
}

/** A chat of an experiment that is over. */
export interface ChatRecord extends Exposed, Pick<Ended, 'measures'> {
  readonly interactionId: string;
  /** The first chat of its unit in the experiment. */
  readonly isFirst: boolean;
}

/** What is recorded of an experiment: every chat in which an arm came to matter, and those of them that are over. */
export interface ExperimentRecords {
  /** In the order of time. */
  readonly exposed: readonly Exposed[];
  /** In the order in which their arms came to matter. */
  readonly chats: readonly ChatRecord[];
}

/** @throws UsherError USHER_STORE_BROKEN with the key of a record that is none. */
export async function recordsOf(
  records: Pick<Records, 'kept'>,
  experiment: string,
): Promise<ExperimentRecords> {
  const ends = new Map<string, Ended>();
  for await (const { key, body } of records.kept(keys.ends(experiment))) {
    ends.set(key.slice(keys.ends(experiment).length), body as unknown as Ended);
  }
  const exposed: (Exposed & { readonly interactionId: string })[] = [];
  for await (const { key, body } of records.kept(keys.chats(experiment))) {
    exposed.push({
      ...exposedIn(key, body),
      interactionId: key.slice(keys.chats(experiment).length),
    });
  }
  exposed.sort((one, other) => one.at - other.at);
  const met = new Set<string>();
  const chats = exposed.flatMap((one): readonly ChatRecord[] => {
    const isFirst = !met.has(one.unit);
    met.add(one.unit);
    const end = ends.get(one.interactionId);
    return end === undefined ? [] : [{ ...one, isFirst, measures: end.measures }];
  });
  return { exposed, chats };
}

function exposedIn(key: string, body: Json): Exposed {
  const { arm, unit, at } = (body ?? {}) as Partial<Exposed>;
  if (typeof arm === 'string' && typeof unit === 'string' && typeof at === 'number')
    return body as unknown as Exposed;
  throw new UsherError('USHER_STORE_BROKEN', `what the store has under ${key} is no chat of an experiment`);
}

/** What there is of the first so many units: what comes after them, and when one looks, makes no difference. */
export function ofFirstUnits({ exposed, chats }: ExperimentRecords, count: number): readonly ChatRecord[] {
  const units = new Set<string>();
  for (const { arm, unit } of exposed) {
    if (units.size >= count) break;
    if (arm !== holdoutArm) units.add(unit);
  }
  return chats.filter(({ unit }) => units.has(unit));
}
