import { readFileSync } from 'node:fs';
import { messageOf, UsherError } from '../errors.ts';
import { joined, readRecording } from '../recording/read-recording.ts';
import type { Recording } from '../recording/recording.ts';

/**
 * The files of one agent as one recording.
 *
 * @throws UsherError USHER_USAGE, USHER_RECORDING_BROKEN, with the file.
 */
export function readRecordings(files: readonly string[]): Recording {
  const recordings = files.map(read);
  const [first = '', ...others] = recordings.map(({ header }) => header.agent.username);
  const other = others.findIndex((username) => username !== first);
  if (other >= 0) {
    const text = `${files[other + 1]} is of ${others[other]}, and ${files[0]} of ${first}: give recordings of one agent`;
    throw new UsherError('USHER_USAGE', text);
  }
  return joined(recordings);
}

function read(file: string): Recording {
  try {
    return readRecording(file, readFileSync(file, 'utf8'));
  } catch (thrown) {
    if (thrown instanceof UsherError) throw thrown;
    throw new UsherError('USHER_USAGE', `${file} cannot be read: ${messageOf(thrown)}`);
  }
}
