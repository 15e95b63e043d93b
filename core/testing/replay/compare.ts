import type { JournalEvent } from '../../model/journal-entry.ts';
import { hasLeft } from '../../model/outcome.ts';
import { operationText } from '../operation-text.ts';

/** One operation that differs. */
type Difference =
  | { readonly kind: 'missing'; readonly interactionId: string; readonly was: string }
  | { readonly kind: 'extra'; readonly interactionId: string; readonly is: string }
  | { readonly kind: 'changed'; readonly interactionId: string; readonly was: string; readonly is: string };

export interface Comparison {
  readonly interactions: number;
  /** Operations of the recording. */
  readonly operations: number;
  readonly differences: readonly Difference[];
}

/** What the session itself asks for is no deed of a bot. */
const ownPlugin = 'session';

/**
 * Compares what left in two journals, interaction by interaction, in order. Signs of typing overtake other operations,
 * and so have an order of their own.
 */
export function compare(was: readonly JournalEvent[], is: readonly JournalEvent[]): Comparison {
  const [before, after] = [deedsOf(was), deedsOf(is)];
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  return {
    interactions: ids.length,
    operations: [...before.values()].reduce(
      (sum, { typing, other }) => sum + typing.length + other.length,
      0,
    ),
    differences: ids.flatMap((id) => {
      const [then, now] = [before.get(id) ?? noDeeds, after.get(id) ?? noDeeds];
      return [...differencesIn(id, then.other, now.other), ...differencesIn(id, then.typing, now.typing)];
    }),
  };
}

interface Deeds {
  readonly typing: readonly string[];
  readonly other: readonly string[];
}

const noDeeds: Deeds = { typing: [], other: [] };

function deedsOf(journal: readonly JournalEvent[]): ReadonlyMap<string, Deeds> {
  const deeds = new Map<string, Deeds>();
  for (const event of journal) {
    if (event.kind !== 'outcome' || !hasLeft(event.outcome)) continue;
    const { interactionId, plugin, once: _once, ...request } = event.outcome.operation;
    if (plugin === ownPlugin) continue;
    const before = deeds.get(interactionId) ?? noDeeds;
    const kind = 'typing' in request ? 'typing' : 'other';
    deeds.set(interactionId, { ...before, [kind]: [...before[kind], operationText(request)] });
  }
  return deeds;
}

/** By their longest common part: what is in between was left out, put in, or, with the same name, changed. */
function differencesIn(
  interactionId: string,
  was: readonly string[],
  is: readonly string[],
): readonly Difference[] {
  const differences: Difference[] = [];
  let [missing, extra]: [string[], string[]] = [[], []];
  const flush = (): void => {
    for (const before of missing) {
      const at = extra.findIndex((after) => nameOf(after) === nameOf(before));
      if (at < 0) differences.push({ kind: 'missing', interactionId, was: before });
      else
        differences.push({ kind: 'changed', interactionId, was: before, is: extra.splice(at, 1)[0] ?? '' });
    }
    for (const after of extra) differences.push({ kind: 'extra', interactionId, is: after });
    [missing, extra] = [[], []];
  };
  const common = commonLengths(was, is);
  let [a, b] = [0, 0];
  while (a < was.length || b < is.length) {
    const [before, after] = [was[a], is[b]];
    if (before !== undefined && before === after) {
      flush();
      a += 1;
      b += 1;
    } else if (
      after === undefined ||
      (before !== undefined && (common[a + 1]?.[b] ?? 0) >= (common[a]?.[b + 1] ?? 0))
    ) {
      missing.push(before ?? '');
      a += 1;
    } else {
      extra.push(after);
      b += 1;
    }
  }
  flush();
  return differences;
}

/** At [a][b]: how long the longest common part is from there on. */
function commonLengths(was: readonly string[], is: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: was.length + 1 }, () => new Array<number>(is.length + 1).fill(0));
  for (let a = was.length - 1; a >= 0; a -= 1) {
    for (let b = is.length - 1; b >= 0; b -= 1) {
      const row = lengths[a] as number[];
      row[b] =
        was[a] === is[b]
          ? (lengths[a + 1]?.[b + 1] ?? 0) + 1
          : Math.max(lengths[a + 1]?.[b] ?? 0, row[b + 1] ?? 0);
    }
  }
  return lengths;
}

function nameOf(deed: string): string {
  return deed.split(' ', 1)[0] ?? '';
}
