import { randomUUID } from 'node:crypto';
import type { Switch } from '../model/experiment-report.ts';
import { keys, type Records } from './records.ts';

/** The switches of an experiment, the latest last. */
export async function switchesOf(
  records: Pick<Records, 'kept'>,
  experiment: string,
): Promise<readonly Switch[]> {
  const entries = await Array.fromAsync(records.kept(keys.switches(experiment)));
  return entries.map(({ body }) => body as unknown as Switch);
}

/** Stops an experiment, or lets it go on: the next one in line, whoever else does so at the same time. */
export async function turn(records: Records, experiment: string, now: Switch): Promise<void> {
  for (;;) {
    const count = (await switchesOf(records, experiment)).length;
    const key = `${keys.switches(experiment)}${String(count).padStart(6, '0')}`;
    const body = { ...now, mark: randomUUID() };
    const stands = (await records.keep([{ key, body }])).get(key);
    if (stands !== null && typeof stands === 'object' && 'mark' in stands && stands.mark === body.mark)
      return;
  }
}
