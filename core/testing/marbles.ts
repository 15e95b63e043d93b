import { map, type Observable } from 'rxjs';
import type { Plugin } from '../bot/plugin.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Problem } from '../model/journal-entry.ts';
import type { Operation } from '../model/operation.ts';
import type { Service } from '../session/services.ts';
import type { ExpectedOperation } from './expected-operations.ts';
import { type ChatScript, MarbleChat } from './marble-chat.ts';
import { cold, hot, parseDiagram, parseSpan, parseTime } from './marble-diagrams.ts';
import { operationText } from './operation-text.ts';
import type { Fault } from './server/faults.ts';
import { Stage } from './stage.ts';
import { VirtualTime } from './virtual-time.ts';

export interface MarbleOptions {
  readonly services?: readonly Service[];
  /** Default: GWS 8.5.0. */
  readonly dialect?: Dialect;
  /** What goes wrong, and when: `^` is where a fault begins, `!` where it ends, as in `{ offline: '---^---!' }`. */
  readonly faults?: Partial<Record<Fault, string>>;
}

export interface MarbleKit {
  readonly hot: typeof hot;
  readonly cold: typeof cold;
  /** A time in milliseconds, as the position of `|` in a diagram. */
  readonly time: (diagram: string) => number;
  /** A chat that is offered to the agent at frame 0 and goes on as the streams say. */
  interaction(script?: ChatScript): MarbleChat;
  /**
   * Runs plugins on chats and states what they send, when: one marble per operation that leaves.
   * With several chats, say which with `on`.
   */
  expectOperations(
    plugins: Plugin | readonly Plugin[],
    chats: MarbleChat | readonly MarbleChat[],
    options?: MarbleOptions,
  ): {
    toBe(marbles: string, operations?: Record<string, ExpectedOperation>): void;
    /** The problems the plugins may cause; any other one fails the test. */
    withProblems(...codes: string[]): void;
  };
}

interface Frame {
  readonly frame: number;
  readonly value: unknown;
}

/** One seat of a test, what is expected of it, and what it did. */
interface Expectation {
  readonly stage: Stage;
  readonly sent: Frame[];
  readonly tolerated: string[];
  wanted: readonly Frame[] | undefined;
}

/**
 * A test in virtual time, drawn as marbles: one character is one millisecond, `500ms` is five hundred, blanks are for
 * aligning. What passes through RxJS is virtual, and promises settle in between. Return, or await, what it returns.
 *
 * @throws Error when the operations differ from the diagram, or a plugin failed unexpectedly.
 */
export function marbles(test: (kit: MarbleKit) => void | Promise<void>): Promise<void> {
  return VirtualTime.run(async (time) => {
    const expectations: Expectation[] = [];
    let count = 0;
    await test({
      hot,
      cold,
      time: parseTime,
      interaction: (script = {}) => {
        count += 1;
        return new MarbleChat(script, count);
      },
      expectOperations: (plugins, chats, options = {}) => {
        const expectation = begin(time, [plugins].flat(), [chats].flat(), options);
        expectations.push(expectation);
        return {
          toBe: (diagram, operations = {}) => {
            expectation.wanted = framesOf(diagram, operations);
          },
          withProblems: (...codes) => void expectation.tolerated.push(...codes),
        };
      },
    });
    try {
      await time.exhaust();
    } finally {
      for (const { stage } of expectations) await stage.close();
    }
    for (const expectation of expectations) judge(expectation);
  });
}

function begin(
  time: VirtualTime,
  plugins: readonly Plugin[],
  chats: readonly MarbleChat[],
  { services, dialect, faults = {} }: MarbleOptions,
): Expectation {
  const stage = new Stage({ plugins, services, dialect });
  const expectation: Expectation = { stage, sent: [], tolerated: [], wanted: undefined };
  const seen$: Observable<ExpectedOperation> = stage.sent$.pipe(
    map((operation) => withoutOrigin(operation, chats.length > 1)),
  );
  seen$.subscribe((value) => expectation.sent.push({ frame: time.now, value }));
  for (const [fault, span] of Object.entries(faults) as [Fault, string][]) {
    const { begin: from, end } = parseSpan(span);
    time.at(from, () => stage.server.faults.begin(fault));
    if (Number.isFinite(end)) time.at(end, () => stage.server.faults.end(fault));
  }
  for (const chat of chats) stage.add(chat.begin(stage.server));
  return expectation;
}

function judge({ stage, sent, wanted, tolerated }: Expectation): void {
  if (wanted !== undefined && table(sent) !== table(wanted)) {
    throw new Error(
      `the operations differ from the diagram.\nexpected:\n${table(wanted)}\nbut got:\n${table(sent)}`,
    );
  }
  const unexpected = stage.problems.filter(({ code }) => !tolerated.includes(code));
  if (unexpected.length > 0)
    throw new Error(`unexpected problems:\n${unexpected.map(problemText).join('\n')}`);
  const missing = tolerated.filter((code) => !stage.problems.some((problem) => problem.code === code));
  if (missing.length > 0) throw new Error(`expected problems did not occur: ${missing.join(', ')}`);
}

function framesOf(
  diagram: string,
  operations: Readonly<Record<string, ExpectedOperation>>,
): readonly Frame[] {
  return parseDiagram(diagram, operations).map(({ frame, notification }) => ({
    frame,
    value: notification.kind === 'N' ? notification.value : notification.kind,
  }));
}

function withoutOrigin(operation: Operation, several: boolean): ExpectedOperation {
  const { interactionId, plugin: _plugin, once: _once, ...request } = operation;
  return several ? { ...request, chat: interactionId } : request;
}

function problemText({ code, message }: Problem): string {
  return `  ${code} ${message}`;
}

function table(frames: readonly Frame[]): string {
  if (frames.length === 0) return '  (none)';
  return frames
    .map(({ frame, value }) => `  ${String(frame).padStart(6)} ms  ${operationText(value)}`)
    .join('\n');
}
