import { map, type Observable } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import type { Plugin } from '../bot/plugin.ts';
import type { Problem } from '../model/journal-entry.ts';
import type { Operation } from '../model/operation.ts';
import type { Service } from '../session/services.ts';
import type { ExpectedOperation } from './expected-operations.ts';
import { type ChatScript, ScriptedChat } from './scripted-chat.ts';
import { Stage } from './stage.ts';

export interface MarbleKit extends Pick<RunHelpers, 'cold' | 'hot' | 'time'> {
  /** A chat that is offered to the agent at frame 0 and goes on as the streams say. */
  interaction(script?: ChatScript): ScriptedChat;
  /**
   * Runs plugins on chats and states what they send, when: one marble per operation that leaves.
   * With several chats, say which with `on`.
   */
  expectOperations(
    plugins: Plugin | readonly Plugin[],
    chats: ScriptedChat | readonly ScriptedChat[],
    services?: readonly Service[],
  ): {
    toBe(marbles: string, operations?: Record<string, ExpectedOperation>): void;
    /** The problems the plugins may cause; any other one fails the test. */
    withProblems(...codes: string[]): void;
  };
}

/**
 * A test in virtual time, drawn as marbles: one character is one millisecond, `500ms` is five hundred, blanks
 * are for aligning. Everything that passes through RxJS is virtual; promises are not.
 *
 * @throws Error when the operations differ from the diagram, or a plugin failed unexpectedly.
 */
export function marbles(test: (kit: MarbleKit) => void): void {
  const stages: { stage: Stage; tolerated: string[] }[] = [];
  const scheduler = new TestScheduler(compare);
  scheduler.run(({ cold, hot, time, expectObservable }) => {
    let count = 0;
    test({
      cold,
      hot,
      time,
      interaction: (script = {}) => {
        count += 1;
        return new ScriptedChat(script, count);
      },
      expectOperations: (plugins, chats, services) => {
        const several = [chats].flat();
        const stage = new Stage([plugins].flat(), several, services);
        const tolerated: string[] = [];
        stages.push({ stage, tolerated });
        const seen$: Observable<ExpectedOperation> = stage.sent$.pipe(
          map((operation) => withoutOrigin(operation, several.length > 1)),
        );
        return {
          toBe: (diagram, operations = {}) => expectObservable(seen$).toBe(diagram, operations),
          withProblems: (...codes) => void tolerated.push(...codes),
        };
      },
    });
  });
  for (const { stage } of stages) stage.close();
  const unexpected = stages.flatMap(({ stage, tolerated }) =>
    stage.problems.filter(({ code }) => !tolerated.includes(code)),
  );
  if (unexpected.length > 0)
    throw new Error(`unexpected problems:\n${unexpected.map(problemText).join('\n')}`);
  const missing = stages.flatMap(({ stage, tolerated }) =>
    tolerated.filter((code) => !stage.problems.some((problem) => problem.code === code)),
  );
  if (missing.length > 0) throw new Error(`expected problems did not occur: ${missing.join(', ')}`);
}

function withoutOrigin(operation: Operation, several: boolean): ExpectedOperation {
  const { interactionId, plugin: _plugin, once: _once, ...request } = operation;
  return several ? { ...request, chat: interactionId } : request;
}

function problemText({ code, message }: Problem): string {
  return `  ${code} ${message}`;
}

type Frames = readonly { frame: number; notification: { kind: string; value?: unknown } }[];

function compare(actual: unknown, expected: unknown): void {
  const [got, wanted] = [table(actual as Frames), table(expected as Frames)];
  if (got === wanted) return;
  throw new Error(`the operations differ from the diagram.\nexpected:\n${wanted}\nbut got:\n${got}`);
}

function table(frames: Frames): string {
  if (frames.length === 0) return '  (none)';
  return frames
    .map(
      ({ frame, notification }) => `  ${String(frame).padStart(6)} ms  ${operationText(notification.value)}`,
    )
    .join('\n');
}

function operationText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, chat, ...members } = value as { name?: string; chat?: string };
  const entries = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${chat === undefined ? '' : `${chat}: `}${name} ${entries.length === 0 ? '' : JSON.stringify(Object.fromEntries(entries))}`.trimEnd();
}
