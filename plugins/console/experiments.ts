import {
  distinctUntilChanged,
  exhaustMap,
  filter,
  map,
  merge,
  type Observable,
  ReplaySubject,
  share,
  timer,
} from 'rxjs';
import type { HostContext } from '../../core/index.ts';
import type { ExperimentRow, ExperimentsMessage } from './wire.ts';

/** Milliseconds from one look to the next, as long as somebody watches. */
const between = 2_000;

/** What the experiments have come to, as JSON: at once, and whenever that changes; made once for all viewers. */
export function experimentsView(host: HostContext): Observable<string> {
  const switched$ = host.journal$.pipe(filter(({ kind }) => kind === 'experiment-switched'));
  const unread = new Set<string>();
  return merge(timer(0, between), switched$).pipe(
    exhaustMap(() => look(host, unread)),
    map((message) => JSON.stringify(message)),
    distinctUntilChanged(),
    share({ connector: () => new ReplaySubject(1) }),
  );
}

/** @param unread The experiments whose records cannot be read: each is logged once. */
async function look({ experiments, log }: HostContext, unread: Set<string>): Promise<ExperimentsMessage> {
  const rows: ExperimentRow[] = [];
  for (const key of experiments.keys) {
    try {
      const [report, history = []] = await Promise.all([experiments.report(key), experiments.history(key)]);
      if (report !== undefined) rows.push({ report, history });
      unread.delete(key);
    } catch (thrown) {
      if (!unread.has(key)) log.warn({ err: thrown, experiment: key }, 'console: its records cannot be read');
      unread.add(key);
    }
  }
  const problem = `the records of ${[...unread].join(', ')} cannot be read; the log says why`;
  return { experiments: rows, ...(unread.size > 0 && { problem }) };
}
