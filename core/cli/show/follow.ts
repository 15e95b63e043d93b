import { Subscription } from 'rxjs';
import type { Host } from '../../host.ts';
import { ConversationView } from './conversation-view.ts';
import { jsonLine } from './json-view.ts';
import { Report } from './report.ts';
import { reportText } from './report-text.ts';

export interface FollowOptions {
  readonly json: boolean;
  readonly showText: boolean;
  readonly nicknames: ReadonlyMap<string, string>;
}

/** Prints what happens in a host until closed. `finish` prints the report, unless there is nothing to report. */
export function follow(
  host: Host,
  { json, showText, nicknames }: FollowOptions,
): { finish(options: { silent: boolean }): void } {
  const view = new ConversationView({ showText, nicknames });
  const report = new Report();
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const following = new Subscription();
  following.add(
    host.journal.entries$.subscribe((entry) => {
      report.add(entry);
      if (json) print(jsonLine(entry, showText));
      else for (const line of view.lines(entry)) print(line);
    }),
  );
  return {
    finish: ({ silent }) => {
      following.unsubscribe();
      if (silent) return;
      const data = report.data();
      print(json ? JSON.stringify(data) : `\n${reportText(data)}`);
    },
  };
}
