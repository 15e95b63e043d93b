import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type AnalyticsSink, SinkError } from '../../core/index.ts';
import { linesOf } from './lines.ts';
import { checked } from './sink-options.ts';

const schema = z.strictObject({
  /** Where the lines go; made if it is not there, readable by its owner only. The folder must exist. */
  file: z.string().min(1, 'is empty: name a file'),
});

export type JsonLinesOptions = z.input<typeof schema>;

/**
 * Appends a line for each event to a file, which is on the disk when a batch counts as published. The file is opened for
 * each batch: whoever rotates it renames it. See docs/analytics.md.
 *
 * @throws UsherError USHER_CONFIG_INVALID
 */
export function jsonLinesSink(options: JsonLinesOptions): AnalyticsSink {
  const { file } = checked('json-lines', schema, options);
  return {
    name: 'json-lines',
    async publish(batch) {
      try {
        await append(file, linesOf(batch));
      } catch (thrown) {
        throw new SinkError(`${file} cannot be written: ${reason(thrown)}`, { cause: thrown });
      }
    },
  };
}

async function append(file: string, lines: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    // A line that a crash, or a full disk, has cut off is ended, so that it takes no other with it.
    const start = size > 0 && !(await endsALine(handle, size)) ? '\n' : '';
    await handle.appendFile(`${start}${lines}`);
    await handle.sync();
    if (size === 0) await syncFolder(file);
  } finally {
    await handle.close();
  }
}

async function endsALine(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return bytesRead === 1 && buffer.toString() === '\n';
}

/** A new file is found after a power cut only if its folder is on the disk, too. */
async function syncFolder(file: string): Promise<void> {
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function reason(thrown: unknown): string {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'its folder does not exist; make it';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return `${code}; give the process the right to write it`;
  return code ?? 'for an unknown reason';
}
