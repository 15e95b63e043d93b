import { bold, dim, green, red, yellow } from '../show/colours.ts';
import type { DifferenceKind, ShadowReport, TurnDifference } from './compare.ts';

const kindTexts: Readonly<Record<DifferenceKind, string>> = {
  'hand-off': 'hands off where it was not done, or the other way round',
  says: 'says something else',
  silent: 'stays silent where something was said',
  speaks: 'speaks where nothing was said',
  other: 'other operations',
};

/** A report for people, with so many of its differences. */
export function shadowText(report: ShadowReport, most: number): string {
  const { candidate, chats, turns, leftOut, same, kinds, toReply, differences } = report;
  const share = turns === 0 ? '' : ` (${((100 * same) / turns).toFixed(1)} %)`;
  const apart = leftOut === 0 ? '' : `, ${leftOut} left out`;
  const counts = Object.entries(kinds).filter(([, count]) => count > 0);
  const rest = differences.length - Math.min(most, differences.length);
  return [
    `${bold(candidate)} beside what was done: ${counted(chats, 'chat')}, ${counted(turns, 'turn')}${apart}`,
    (same === turns ? green : yellow)(`  the same in ${same}${share}`),
    ...counts.map(([kind, count]) => `  ${String(count).padStart(5)}  ${kindTexts[kind as DifferenceKind]}`),
    `  time to the reply, by the median: ${seconds(toReply.done)}; ${candidate} ${seconds(toReply.would)}`,
    ...differences.slice(0, most).flatMap(differenceLines),
    ...(rest === 0
      ? []
      : ['', dim(`${counted(rest, 'more difference')}: --differences ${differences.length}`)]),
  ].join('\n');
}

function differenceLines({
  interactionId,
  turn,
  kind,
  after,
  done,
  would,
}: TurnDifference): readonly string[] {
  const to = after === undefined ? '' : dim(` to “${after}”`);
  return [
    '',
    `${yellow(`${interactionId}, turn ${turn}`)}: ${kindTexts[kind]}${to}`,
    ...done.map((text) => red(`  - ${text}`)),
    ...would.map((text) => green(`  + ${text}`)),
  ];
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? 'none' : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
