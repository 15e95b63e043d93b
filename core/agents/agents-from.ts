import { defer, from, map, type Observable, type ObservableInput, scan } from 'rxjs';
import { messageOf } from '../errors.ts';
import { type AgentRow, agentOf, type BotChoice, type RowContext } from './agent-row.ts';
import type { AgentList, AgentSource, SourcedAgent } from './agent-source.ts';
import { type FileRow, readRows } from './read-rows.ts';
import { watchedFile } from './watched-file.ts';

export interface FileOfAgents {
  /** A list of agents in YAML, JSON or CSV, by its ending. It is read anew whenever it changes. */
  readonly file: string;
  /** Whether passwords may stand in the file itself. Default: false. */
  readonly inlinePasswords?: boolean;
  readonly bots: BotChoice;
}

export interface TableOfAgents {
  /** All agents, from a table or a service: a promise, or a stream that emits them again after each change. */
  readonly table: ObservableInput<readonly AgentRow[]> | (() => ObservableInput<readonly AgentRow[]>);
  readonly bots: BotChoice;
}

const nobody: AgentList = { agents: [], faults: [] };

/**
 * Agents from outside the config, for its `agents`: they come and go while the process runs.
 *
 * @example agents: agentsFrom({ file: 'agents.yaml', bots: { receptionist: () => receptionist() } })
 */
export function agentsFrom(options: FileOfAgents | TableOfAgents): AgentSource {
  const { bots } = options;
  return {
    kind: 'agents',
    lists: (context) =>
      'file' in options
        ? listsOfFile(options, { ...context, bots, inlinePasswords: options.inlinePasswords ?? false })
        : listsOfTable(options, { ...context, bots, inlinePasswords: true }),
  };
}

function listsOfFile({ file }: FileOfAgents, context: RowContext): Observable<AgentList> {
  return watchedFile(file).pipe(
    scan((before, found): AgentList => {
      // What cannot be read at all changes nothing: it may be half written.
      const fault = (why: string): AgentList => ({ ...before, faults: [`${file} ${why}`] });
      if ('why' in found) return fault(`cannot be read: ${found.why}`);
      try {
        return listOf(
          readRows(file, found.text),
          context,
          ({ line }, at) => `${file}:${line}: agents[${at}]`,
        );
      } catch (thrown) {
        return fault(messageOf(thrown));
      }
    }, nobody),
  );
}

function listsOfTable({ table }: TableOfAgents, context: RowContext): Observable<AgentList> {
  return defer(() => from(typeof table === 'function' ? table() : table)).pipe(
    map((rows) => {
      const placed = rows.map((value) => ({ value, line: 0 }));
      return listOf(placed, context, (_row, at) => `agents[${at}]`);
    }),
  );
}

/** The agents of those rows that are right; of two with one login, the first. */
function listOf(
  rows: readonly FileRow[],
  context: RowContext,
  placeOf: (row: FileRow, at: number) => string,
): AgentList {
  const agents = new Map<string, SourcedAgent>();
  const faults: string[] = [];
  rows.forEach((row, at) => {
    const found = agentOf(row.value, context);
    const place = placeOf(row, at);
    if (!('username' in found)) {
      faults.push(...found.map(({ field, message }) => `${place}${field && `.${field}`} ${message}`));
    } else if (agents.has(found.username)) {
      faults.push(`${place}.username "${found.username}" is there before: a login is one seat`);
    } else agents.set(found.username, found);
  });
  return { agents: [...agents.values()], faults };
}
