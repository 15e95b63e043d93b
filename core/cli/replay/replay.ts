import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../config.ts';
import { exitCodes, messageOf, UsherError } from '../../errors.ts';
import type { JournalEntry, JournalEvent } from '../../model/journal-entry.ts';
import type { RecordedEvent, Recording } from '../../recording/recording.ts';
import { Redaction } from '../../recording/redaction.ts';
import { interactionsIn, toScenario } from '../../recording/to-scenario.ts';
import { type Comparison, compare } from '../../testing/replay/compare.ts';
import { replay as play } from '../../testing/replay/replay.ts';
import { loadConfig } from '../load-config.ts';
import { readRecordings } from '../read-recordings.ts';
import { dim, green, red, yellow } from '../show/colours.ts';

export interface ReplayFlags {
  readonly config: string;
  readonly json: boolean;
  readonly toScenario: boolean;
  readonly interaction?: string;
  readonly out?: string;
}

/** `usher replay`: runs the bots of the config on a recording, and prints what they do otherwise; exit 1 if anything. */
export async function replay(files: readonly string[], flags: ReplayFlags): Promise<void> {
  const recording = readRecordings(files);
  if (flags.toScenario) return writeScenario(recording, flags);
  const bots = botsOf(await loadConfig(flags.config), recording);
  const isShown = process.stderr.isTTY && !flags.json;
  const journal = await play(recording, {
    ...bots,
    onProgress: (count) => {
      if (isShown && count > 0) process.stderr.write(`\r${count} of ${recording.entries.length} entries`);
    },
  });
  if (isShown) process.stderr.write('\r\u001b[K');
  const { texts } = recording.header;
  const key = texts === 'all' ? undefined : keyFor(files[0] ?? '');
  const isBlind = texts !== 'all' && key === undefined;
  const [was, is] = isBlind
    ? [recording.entries.map(withoutTexts), journal.map(withoutTexts)]
    : [recording.entries, key === undefined ? journal : redacted(journal, recording, key)];
  const comparison = compare(was, is);
  process.stdout.write(
    flags.json ? `${JSON.stringify({ ...comparison, texts: !isBlind }, null, 2)}\n` : text(comparison),
  );
  if (!flags.json) for (const line of caveats(recording, isBlind)) process.stdout.write(`${dim(line)}\n`);
  process.exitCode = comparison.differences.length === 0 ? exitCodes.ok : exitCodes.failed;
}

function botsOf(
  { agents, services, dialect }: Config,
  { header }: Recording,
): Pick<Config, 'services' | 'dialect'> & Pick<Config['agents'][number], 'bots'> {
  const agent = agents.find(({ username }) => username === header.agent.username) ?? agents[0];
  return { bots: agent?.bots ?? [], services, dialect };
}

/** The secret of the tags: from the environment, or from beside the recording. */
function keyFor(file: string): string | undefined {
  const { USHER_RECORDING_KEY: key, USHER_RECORDING_KEY_FILE: path } = process.env;
  if (key) return key;
  const beside = path ?? join(dirname(file), '.key');
  return existsSync(beside) ? readFileSync(beside, 'utf8').trimEnd() : undefined;
}

/** What the bots did, with the tags that it would have had in the recording. */
function redacted(
  journal: readonly JournalEntry[],
  { header, entries }: Recording,
  key: string,
): readonly JournalEvent[] {
  const kinds = new Set<string>(entries.map(({ kind }) => kind));
  const redaction = new Redaction({ key, texts: header.texts, agent: header.agent });
  return journal
    .filter(({ kind }) => kinds.has(kind))
    .map((entry) => redaction.event(entry as RecordedEvent));
}

/** Operations by their names alone. */
function withoutTexts<Event extends JournalEvent>(event: Event): Event {
  if (event.kind !== 'outcome') return event;
  const { name, interactionId, plugin } = event.outcome.operation;
  return { ...event, outcome: { ...event.outcome, operation: { name, interactionId, plugin } } };
}

function text({ interactions, operations, differences }: Comparison): string {
  const counts = `${operations} operations in ${interactions} interactions`;
  if (differences.length === 0) return `${green('no difference')}: ${counts}\n`;
  const lines: string[] = [];
  let last: string | undefined;
  for (const difference of differences) {
    if (difference.interactionId !== last) lines.push(`${yellow(difference.interactionId)}`);
    last = difference.interactionId;
    if ('was' in difference) lines.push(red(`  - ${difference.was}`));
    if ('is' in difference) lines.push(green(`  + ${difference.is}`));
  }
  const count = `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`;
  return `${lines.join('\n')}\n\n${count}: ${counts}\n`;
}

function caveats({ header: { texts } }: Recording, isBlind: boolean): readonly string[] {
  return [
    ...(texts === 'all'
      ? []
      : ["customers' texts are redacted: bots that read them may act otherwise for that alone"]),
    ...(isBlind
      ? [
          'texts are not compared: the key of the tags is not here (.key, USHER_RECORDING_KEY, USHER_RECORDING_KEY_FILE)',
        ]
      : []),
  ];
}

function writeScenario(recording: Recording, { interaction, out }: ReplayFlags): void {
  const ids = interactionsIn(recording);
  const id = interaction ?? (ids.length === 1 ? ids[0] : undefined);
  if (id === undefined || !ids.includes(id)) {
    const listed = ids.slice(0, 20).join(', ') + (ids.length > 20 ? ', …' : '');
    const what =
      interaction === undefined ? 'the recording holds several interactions' : `there is no ${interaction}`;
    throw new UsherError('USHER_USAGE', `${what}; name one with --interaction: ${listed}`);
  }
  const scenario = toScenario(recording, id);
  if (out === undefined) return void process.stdout.write(scenario);
  try {
    writeFileSync(out, scenario, { flag: 'wx' });
  } catch (thrown) {
    throw new UsherError('USHER_USAGE', `${out} cannot be written: ${messageOf(thrown)}`);
  }
  process.stdout.write(`${out} is written; play it: usher test ${out}\n`);
}
