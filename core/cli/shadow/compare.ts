import type { Recording } from '../../recording/recording.ts';
import type { Deed } from './deed.ts';
import type { Turn } from './seen-chat.ts';
import { chatsSeenBy } from './seen-chats.ts';

/** How a candidate differs in a turn, the gravest first. */
const differenceKinds = ['hand-off', 'says', 'silent', 'speaks', 'other'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** A turn in which the candidate would have done something else. */
export interface TurnDifference {
  readonly interactionId: string;
  readonly turn: number;
  readonly kind: DifferenceKind;
  /** What the customer had said; absent in the first turn. */
  readonly after?: string;
  readonly done: readonly string[];
  readonly would: readonly string[];
}

export interface ShadowReport {
  readonly candidate: string;
  readonly chats: number;
  /** Turns that were compared. */
  readonly turns: number;
  /** Turns that were not: a colleague had the word, or the candidate would have left before. */
  readonly leftOut: number;
  readonly same: number;
  readonly kinds: Readonly<Record<DifferenceKind, number>>;
  /** Milliseconds from the customer's line to the first word, by the median; absent if there was none. */
  readonly toReply: { readonly done?: number; readonly would?: number };
  readonly differences: readonly TurnDifference[];
}

/** What was done in the chats that a candidate saw, beside what it would have done. */
export function compareShadow(candidate: string, recording: Recording): ShadowReport {
  const chats = chatsSeenBy(candidate, recording);
  const turns = chats.flatMap((chat) => chat.turns().map((turn) => ({ chat, turn })));
  const compared = turns.filter(({ turn }) => !turn.isApart);
  const differences = compared.flatMap(({ chat, turn }): readonly TurnDifference[] => {
    const kind = differenceIn(turn, chat.isByHand);
    if (kind === undefined) return [];
    const { interactionId } = chat;
    const { nth, after, done, would } = turn;
    return [
      {
        interactionId,
        turn: nth,
        kind,
        ...(after !== undefined && { after }),
        done: done.map(textOf),
        would: would.map(textOf),
      },
    ];
  });
  const count = (kind: DifferenceKind): number => differences.filter((one) => one.kind === kind).length;
  return {
    candidate,
    chats: chats.length,
    turns: compared.length,
    leftOut: turns.length - compared.length,
    same: compared.length - differences.length,
    kinds: Object.fromEntries(differenceKinds.map((kind) => [kind, count(kind)])) as ShadowReport['kinds'],
    toReply: {
      ...median(
        'done',
        compared.flatMap(({ turn }) => replyTime(turn, turn.done)),
      ),
      ...median(
        'would',
        compared.flatMap(({ turn }) => replyTime(turn, turn.would)),
      ),
    },
    differences,
  };
}

function differenceIn({ done, would }: Turn, isByHand: boolean): DifferenceKind | undefined {
  if (listed(done, 'hands-off') !== listed(would, 'hands-off')) return 'hand-off';
  const [said, wouldSay] = [listed(done, 'says'), listed(would, 'says')];
  if (said !== wouldSay) return wouldSay === '' ? 'silent' : said === '' ? 'speaks' : 'says';
  // Of somebody who works without Usher only the lines are known.
  return !isByHand && sorted(done) !== sorted(would) ? 'other' : undefined;
}

function listed(deeds: readonly Deed[], kind: Deed['kind']): string {
  return deeds.flatMap((deed) => (deed.kind === kind ? [deed.text] : [])).join('\n');
}

function sorted(deeds: readonly Deed[]): string {
  return listed(
    [...deeds].sort((one, other) => (one.text < other.text ? -1 : 1)),
    'other',
  );
}

function textOf({ kind, text }: Deed): string {
  return kind === 'says' ? `“${text}”` : text;
}

function replyTime({ t, nth }: Turn, deeds: readonly Deed[]): readonly number[] {
  const first = deeds.find(({ kind }) => kind === 'says');
  return nth === 0 || first === undefined ? [] : [Math.max(0, first.t - t)];
}

function median<Key extends string>(key: Key, values: readonly number[]): { [K in Key]?: number } {
  const sortedValues = [...values].sort((one, other) => one - other);
  const middle = sortedValues[Math.ceil(sortedValues.length / 2) - 1];
  return (middle === undefined ? {} : { [key]: middle }) as { [K in Key]?: number };
}
