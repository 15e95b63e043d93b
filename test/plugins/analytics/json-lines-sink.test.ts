import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SinkError } from 'usher-bots';
import { jsonLinesSink } from 'usher-bots/plugins/analytics/json-lines-sink';
import { describe, expect, it } from 'vitest';
import { temporaryFile } from '../../core/store/temporary-file.ts';
import { aBatch } from './a-batch.ts';

const { signal } = new AbortController();
const newFile = () => join(dirname(temporaryFile()), 'events.jsonl');
const idsIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [(JSON.parse(line) as { id: string }).id];
      } catch {
        return [];
      }
    });

describe('the sink of JSON lines', () => {
  it('appends a line for each event, to a file that only its owner can read', async () => {
    const file = newFile();
    const sink = jsonLinesSink({ file });
    await sink.publish(aBatch(1), signal);
    await jsonLinesSink({ file }).publish(aBatch(2), signal);
    expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true);
    expect(idsIn(file)).toEqual(['5e1f-0-1-0', '5e1f-0-1-1', '5e1f-0-2-0', '5e1f-0-2-1']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('ends a line that a crash has cut off, and takes none with it', async () => {
    const file = newFile();
    const sink = jsonLinesSink({ file });
    await sink.publish(aBatch(1), signal);
    appendFileSync(file, JSON.stringify(aBatch(2).events[0]).slice(0, 40));
    await sink.publish(aBatch(2), signal);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines).toHaveLength(6);
    expect(() => JSON.parse(lines[2] ?? '')).toThrow();
    expect(idsIn(file)).toEqual(['5e1f-0-1-0', '5e1f-0-1-1', '5e1f-0-2-0', '5e1f-0-2-1']);
  });

  it('goes on in a new file when the old one was renamed', async () => {
    const file = newFile();
    const sink = jsonLinesSink({ file });
    await sink.publish(aBatch(1, 1), signal);
    renameSync(file, `${file}.1`);
    await sink.publish(aBatch(2, 1), signal);
    expect([idsIn(`${file}.1`), idsIn(file)]).toEqual([['5e1f-0-1-0'], ['5e1f-0-2-0']]);
  });

  it('says what it lacks, and writes as soon as it is there', async () => {
    const folder = join(dirname(temporaryFile()), 'made-later');
    const sink = jsonLinesSink({ file: join(folder, 'events.jsonl') });
    await expect(sink.publish(aBatch(1), signal)).rejects.toThrow(
      new SinkError(`${folder}/events.jsonl cannot be written: its folder does not exist; make it`),
    );
    mkdirSync(folder);
    await sink.publish(aBatch(1), signal);
    expect(() => jsonLinesSink({ file: '' })).toThrow(
      'analytics.sink: json-lines: file: is empty: name a file',
    );
  });
});
