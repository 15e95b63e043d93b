import { bold, dim, green, red, yellow } from './colours.ts';
import type { LatencySummary } from './latencies.ts';
import type { ReportData } from './report.ts';

/** The report as a few readable lines. */
export function reportText({ chats, operations, latencies, refusals, problems }: ReportData): string {
  const lines = [
    bold(
      `${counted(chats.began, 'chat')}: ${chats.greeted} greeted, ${chats.handedOver} handed over, ${chats.ended} ended`,
    ),
    ...operations.map(({ name, sent = 0, ...others }) => {
      const rest = Object.entries(others).map(([kind, count]) => `, ${count} ${kind}`);
      return `  ${name.padEnd(20)}${String(sent).padStart(5)} sent${rest.join('')}`;
    }),
    latencyText('from invitation to acceptance', latencies.toAccept),
    latencyText('from invitation to greeting', latencies.toGreeting),
    latencyText("from the customer's words to the reply", latencies.toReply),
    refusals.length === 0
      ? green('  no operation was refused')
      : red(`  ${counted(refusals.length, 'refusal')}`),
    ...refusals.map((refusal) => red(`    ${refusal}`)),
    ...Object.entries(problems).map(([code, count]) => yellow(`  ${count} × ${code}`)),
  ];
  return lines.join('\n');
}

function latencyText(what: string, { count, p50, p95, max }: LatencySummary): string {
  if (count === 0) return dim(`  ${what}: none`);
  return `  ${what}: median ${seconds(p50)}, 95 % within ${seconds(p95)}, longest ${seconds(max)}`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
