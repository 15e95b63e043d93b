import { randomBytes } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { z } from 'zod';
import {
  type Agent,
  type Clock,
  definePlugin,
  type Log,
  RecordingLines,
  type TextPolicy,
  textPolicies,
} from '../core/index.ts';

const options = z.strictObject({
  /** Where the recordings go; made if it is not there. */
  folder: z.string().min(1),
  /** Whose texts are readable: nobody's, the agent's own, or everybody's. Default: 'redacted'. */
  texts: z.enum(textPolicies).default('redacted'),
  /** The secret of the tags. Default: one of its own in the folder, in a file `.key`, which is not to be handed on. */
  key: z.string().min(16, 'must have 16 characters at least').optional(),
  /** Bytes after which another file is begun. Default: 64 MiB. */
  rotate: z.number().int().positive().default(67_108_864),
  /** How many files of an agent are kept. Default: 32. */
  keep: z.number().int().positive().default(32),
});

/** Bytes that may wait for the disk; what comes beyond them is left out, and counted. */
const mostWaiting = 16_777_216;

/** Writes down what an agent's session sees and does, for `usher replay`. See docs/recordings.md. */
export const recorder = definePlugin({
  name: 'recorder',
  options,
  session:
    ({ folder, texts, key, rotate, keep }) =>
    ({ agent, clock, log, journal$ }) =>
      new Observable<never>((subscriber) => {
        mkdirSync(folder, { recursive: true });
        const tape = new Tape(
          { folder, texts, key: key ?? ownKey(folder), rotate, keep },
          agent,
          clock,
          log,
          (error) => subscriber.error(error),
        );
        const listening = journal$.subscribe((entry) => tape.write(entry));
        return () => {
          listening.unsubscribe();
          tape.close();
        };
      }),
});

interface TapeOptions {
  readonly folder: string;
  readonly texts: TextPolicy;
  readonly key: string;
  readonly rotate: number;
  readonly keep: number;
}

/** The files of one agent, one after the other. */
class Tape {
  readonly #options: TapeOptions;
  readonly #agent: Agent;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onError: (error: Error) => void;
  #lines: RecordingLines;
  #file: WriteStream;
  #bytes = 0;
  #leftOut = 0;

  constructor(options: TapeOptions, agent: Agent, clock: Clock, log: Log, onError: (error: Error) => void) {
    this.#options = options;
    this.#agent = agent;
    this.#clock = clock;
    this.#log = log;
    this.#onError = onError;
    [this.#lines, this.#file] = this.#begin();
  }

  write(entry: Parameters<RecordingLines['line']>[0]): void {
    const line = this.#lines.line(entry);
    if (line === undefined) return;
    if (this.#file.writableLength > mostWaiting) {
      this.#leftOut += 1;
      if (this.#leftOut === 1)
        this.#log.warn({}, 'the disk is too slow: entries are left out of the recording');
      return;
    }
    if (this.#leftOut > 0) {
      this.#log.warn({ leftOut: this.#leftOut }, 'entries were left out of the recording');
      this.#leftOut = 0;
    }
    this.#file.write(line);
    this.#bytes += Buffer.byteLength(line);
    if (this.#bytes < this.#options.rotate) return;
    this.#file.end();
    [this.#lines, this.#file] = this.#begin();
  }

  close(): void {
    this.#file.end();
  }

  #begin(): [RecordingLines, WriteStream] {
    const { folder, texts, key, keep } = this.#options;
    const at = this.#clock.now();
    const prefix = `${this.#agent.username.replace(/[^\w.-]/g, '_')}-`;
    const stamp = new Date(at).toISOString().replaceAll(':', '').replace('.', '-');
    const lines = new RecordingLines({ agent: this.#agent, texts, key, at });
    const file = createWriteStream(
      join(folder, `${prefix}${stamp}-${randomBytes(2).toString('hex')}.jsonl`),
      {
        flags: 'wx',
        mode: 0o600,
      },
    );
    file.on('error', (error) =>
      this.#onError(new Error(`the recording cannot be written: ${error.message}`)),
    );
    file.write(lines.header);
    this.#bytes = Buffer.byteLength(lines.header);
    const older = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith('.jsonl'));
    for (const name of older.sort().slice(0, Math.max(0, older.length - keep + 1)))
      rmSync(join(folder, name));
    return [lines, file];
  }
}

/** Made once for each folder, so that tags are the same in all of its files. */
function ownKey(folder: string): string {
  const path = join(folder, '.key');
  if (!existsSync(path)) writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(path, 'utf8');
}
