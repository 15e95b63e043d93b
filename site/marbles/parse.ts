import { TestScheduler } from 'rxjs/testing';

/** What stands on a stream at a moment. */
export interface Mark {
  /** Milliseconds from the beginning: one for each character. */
  readonly frame: number;
  /** A letter, or how the stream ends. */
  readonly value: string | { readonly end: 'complete' | 'error' };
}

export interface Row {
  readonly name: string;
  /** As RxJS reads it. */
  readonly diagram: string;
  readonly marks: readonly Mark[];
}

/** A block of language `marbles`. */
export interface Picture {
  readonly inputs: readonly Row[];
  /** What is called with the streams above it. */
  readonly call: string;
  readonly outputs: readonly Row[];
  /** What the letters stand for. */
  readonly letters: Readonly<Record<string, string>>;
}

/**
 * Reads a picture of streams: rows of a name and a diagram, a line with `>` and what is called with them, rows of
 * what comes out, and lines with `where` and what the letters mean.
 *
 * @throws Error that names the line which cannot be read.
 */
export function parsePicture(text: string): Picture {
  const inputs: Row[] = [];
  const outputs: Row[] = [];
  const letters: Record<string, string> = {};
  let call: string | undefined;
  for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
    if (line.startsWith('>')) call = line.slice(1).trim();
    else if (line.startsWith('where ')) Object.assign(letters, parseLetters(line.slice('where '.length)));
    else (call === undefined ? inputs : outputs).push(parseRow(line));
  }
  if (call === undefined) throw new Error(`a picture of marbles without a line that begins with >:\n${text}`);
  return { inputs, call, outputs, letters };
}

function parseRow(line: string): Row {
  const [, name, diagram] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
  if (name === undefined || diagram === undefined) throw new Error(`no row of marbles: ${line}`);
  return { name, diagram, marks: marksOf(diagram) };
}

function marksOf(diagram: string): Mark[] {
  const { frameTimeFactor } = TestScheduler;
  TestScheduler.frameTimeFactor = 1;
  try {
    return TestScheduler.parseMarbles(diagram, undefined, undefined, false, true).map(
      ({ frame, notification }) => {
        if (notification.kind === 'N') return { frame, value: String(notification.value) };
        return { frame, value: { end: notification.kind === 'C' ? 'complete' : 'error' } };
      },
    );
  } finally {
    TestScheduler.frameTimeFactor = frameTimeFactor;
  }
}

function parseLetters(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/,\s+(?=\w+ is )/).map((part) => {
      const [, letter = '', meaning = ''] = /^(\w+) is (.+)$/.exec(part.trim()) ?? [];
      if (letter === '') throw new Error(`what a letter stands for cannot be read: ${part}`);
      return [letter, meaning];
    }),
  );
}
