import { UsherError } from '../errors.ts';
import {
  type RecordedEntry,
  type Recording,
  type RecordingHeader,
  recordedKinds,
  recordingVersion,
} from './recording.ts';

const kinds: ReadonlySet<string> = new Set(recordedKinds);

/**
 * Reads a recording. A last line that was cut short, as by a crash, is left out.
 *
 * @throws UsherError USHER_RECORDING_BROKEN with file and line.
 */
export function readRecording(file: string, source: string): Recording {
  const lines = source.split('\n');
  const isWhole = lines.at(-1) === '';
  if (isWhole) lines.pop();
  const header = headerIn(file, lines[0] ?? '');
  const entries: RecordedEntry[] = [];
  for (const [at, line] of lines.entries()) {
    if (at === 0) continue;
    const entry = parsed(line);
    if (isEntry(entry)) entries.push(entry);
    else if (at < lines.length - 1 || isWhole) throw broken(file, at + 1, 'is no entry of a recording');
  }
  return { header, entries };
}

/** Several files of one agent as one recording, in the order of their beginnings. */
export function joined(recordings: readonly Recording[]): Recording {
  const [first, ...rest] = [...recordings].sort((a, b) => a.header.at - b.header.at);
  if (first === undefined) throw new RangeError('there is nothing to join');
  const entries = [first, ...rest].flatMap(({ header, entries: own }) =>
    own.map((entry) => ({ ...entry, t: entry.t + header.at - first.header.at })),
  );
  return { header: first.header, entries };
}

function headerIn(file: string, line: string): RecordingHeader {
  const header = parsed(line) as Partial<RecordingHeader> | undefined;
  if (header?.format !== 'usher-recording') throw broken(file, 1, 'is no header of a recording');
  if (header.version !== recordingVersion) {
    throw broken(file, 1, `has version ${header.version}, and this Usher reads version ${recordingVersion}`);
  }
  if (typeof header.agent?.username !== 'string' || typeof header.at !== 'number')
    throw broken(file, 1, 'names no agent, or no time');
  return header as RecordingHeader;
}

function isEntry(value: unknown): value is RecordedEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { t, kind } = value as { t?: unknown; kind?: unknown };
  return typeof t === 'number' && typeof kind === 'string' && kinds.has(kind);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function broken(file: string, line: number, what: string): UsherError {
  return new UsherError('USHER_RECORDING_BROKEN', `${file}:${line}: ${what}`);
}
