import { asyncScheduler, dematerialize, Observable, type ObservableNotification, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

interface Message {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

/** A diagram as RxJS reads it in a run of its test scheduler: a character is a millisecond, blanks are for aligning. */
export function parseDiagram(
  diagram: string,
  values?: Readonly<Record<string, unknown>>,
  error?: unknown,
): readonly Message[] {
  return inMilliseconds(() => TestScheduler.parseMarbles(diagram, values, error, false, true));
}

/** A span of time: `^` is where it begins, and `!` where it ends. */
export function parseSpan(diagram: string): { readonly begin: number; readonly end: number } {
  const { subscribedFrame, unsubscribedFrame } = inMilliseconds(() =>
    TestScheduler.parseMarblesAsSubscriptions(diagram, true),
  );
  return { begin: subscribedFrame, end: unsubscribedFrame };
}

/** A time, as the position of `|` in a diagram. */
export function parseTime(diagram: string): number {
  const at = parseDiagram(diagram).find(({ notification }) => notification.kind === 'C')?.frame;
  if (at === undefined) throw new RangeError(`time: ${JSON.stringify(diagram)} has no | that ends it`);
  return at;
}

/** A stream that goes by itself, from the beginning of the test on. */
export function hot<Value>(
  diagram: string,
  values?: Readonly<Record<string, Value>>,
  error?: unknown,
): Observable<Value> {
  const messages = parseDiagram(diagram, values, error);
  const subject = new Subject<Message['notification']>();
  for (const { frame, notification } of messages) {
    // What is before ^ has been, and nobody saw it.
    if (frame >= 0) asyncScheduler.schedule(() => subject.next(notification), frame);
  }
  return subject.pipe(dematerialize()) as Observable<Value>;
}

/** A stream that begins anew for whoever subscribes. */
export function cold<Value>(
  diagram: string,
  values?: Readonly<Record<string, Value>>,
  error?: unknown,
): Observable<Value> {
  const messages = parseDiagram(diagram, values, error);
  return new Observable<Message['notification']>((subscriber) => {
    for (const { frame, notification } of messages) {
      subscriber.add(asyncScheduler.schedule(() => subscriber.next(notification), frame));
    }
  }).pipe(dematerialize()) as Observable<Value>;
}

/** Outside of its own runs, RxJS counts ten to a character. */
function inMilliseconds<Result>(read: () => Result): Result {
  const { frameTimeFactor } = TestScheduler;
  TestScheduler.frameTimeFactor = 1;
  try {
    return read();
  } finally {
    TestScheduler.frameTimeFactor = frameTimeFactor;
  }
}
