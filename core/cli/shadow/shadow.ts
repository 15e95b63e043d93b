import { exitCodes, UsherError } from '../../errors.ts';
import type { Recording } from '../../recording/recording.ts';
import { readRecordings } from '../read-recordings.ts';
import { compareShadow } from './compare.ts';
import { shadowText } from './report-text.ts';
import { candidatesIn } from './seen-chats.ts';

export interface ShadowFlags {
  /** Which candidate, where the recording has several. */
  readonly bot?: string;
  /** How many differences are printed. */
  readonly differences: number;
  /** The share of turns that may differ. */
  readonly maxDifferent?: number;
  readonly json: boolean;
}

/** `usher shadow`: where a candidate would have done something else than was done; exit 1 if that is too often. */
export async function shadow(files: readonly string[], flags: ShadowFlags): Promise<void> {
  const recording = readRecordings(files);
  const report = compareShadow(candidateOf(recording, flags.bot), recording);
  process.stdout.write(
    `${flags.json ? JSON.stringify(report, null, 2) : shadowText(report, flags.differences)}\n`,
  );
  const { maxDifferent = 1 } = flags;
  const isTooMuch = report.differences.length > maxDifferent * report.turns;
  process.exitCode = isTooMuch ? exitCodes.failed : exitCodes.ok;
}

function candidateOf(recording: Recording, wanted: string | undefined): string {
  const names = candidatesIn(recording);
  const [first] = names;
  if (first === undefined) {
    const text =
      'the recording has no shadow: list a candidate under `shadows` of the agent, or run usher start --dry-run, with the plugin recorder in a bot';
    throw new UsherError('USHER_USAGE', text);
  }
  if (wanted === undefined && names.length > 1)
    throw new UsherError(
      'USHER_USAGE',
      `the recording has several shadows; name one with --bot: ${names.join(', ')}`,
    );
  if (wanted !== undefined && !names.includes(wanted))
    throw new UsherError(
      'USHER_USAGE',
      `there is no shadow ${wanted} in the recording, but ${names.join(', ')}`,
    );
  return wanted ?? first;
}
