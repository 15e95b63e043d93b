import { concat, EMPTY, ignoreElements, map, merge, mergeMap, NEVER, throwError, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { definePlugin, type OperationFunction, type PluginLimits } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { chat, seat, sent } from './seat.ts';

interface Scene {
  readonly limits?: Partial<PluginLimits>;
  /** Milliseconds that the server takes to answer. Default: 10. */
  readonly answers?: number;
  readonly meanwhile?: (seated: ReturnType<typeof seat>) => void;
}

/** Says a and b while a plugin holds operations like this: what left, what it came to and when, what was told. */
function hold(run: OperationFunction, { limits = {}, answers = 10, meanwhile }: Scene = {}) {
  const seated = seat([definePlugin({ name: 'holding', ...limits, operation: () => run })()], {
    send: (operation) => timer(answers).pipe(map(() => sent(operation))),
  });
  new TestScheduler(() => undefined).run(() => {
    const interaction = chat();
    seated.runner.take(interaction);
    const operations = seated.gateway.bind(interaction, 'other');
    meanwhile?.(seated);
    for (const text of ['a', 'b']) operations.sendMessage(text).subscribe();
  });
  return {
    left: seated.wire.map((operation) => ('text' in operation ? operation.text : operation.name)),
    came: seated.entries.flatMap((entry) =>
      entry.kind === 'outcome'
        ? [`${entry.at} ${entry.outcome.kind} ${entry.outcome.reason ?? ''}`.trim()]
        : [],
    ),
    problems: seated.problems(),
  };
}

const onlyA =
  (run: OperationFunction): OperationFunction =>
  (operation, next, context) =>
    operation.name === 'sendMessage' && operation.text === 'a'
      ? run(operation, next, context)
      : next(operation);

describe('an operation that a plugin holds', () => {
  it('fails after its budget, and the next one of the chat goes its way', () => {
    const { left, came, problems } = hold(
      onlyA(() => NEVER),
      { limits: { holdBudget: 100 } },
    );
    expect(left).toEqual(['b']);
    expect(came).toEqual(['100 failed interceptor', '110 sent']);
    expect(problems).toEqual(['USHER_PLUGIN_SLOW']);
  });

  it('may take longer than that to be sent', () => {
    const { came, problems } = hold((operation, next) => next(operation), {
      limits: { holdBudget: 100 },
      answers: 500,
    });
    expect(came).toEqual(['500 sent', '1000 sent']);
    expect(problems).toEqual([]);
  });

  it('keeps its outcome when the plugin holds that back', () => {
    const { came, problems } = hold(
      onlyA((operation, next) => next(operation).pipe(mergeMap(() => NEVER))),
      { limits: { holdBudget: 100 } },
    );
    expect(came).toEqual(['110 sent', '120 sent']);
    expect(problems).toEqual(['USHER_PLUGIN_SLOW']);
  });

  it('keeps its outcome when the plugin swallows it', () => {
    const { came } = hold(onlyA((operation, next) => next(operation).pipe(ignoreElements())));
    expect(came).toEqual(['10 sent', '20 sent']);
  });

  it('keeps its outcome when the plugin fails on it', () => {
    const { came, problems } = hold(
      onlyA((operation, next) => next(operation).pipe(mergeMap(() => throwError(() => new Error('broken'))))),
    );
    expect(came).toEqual(['10 sent', '20 sent']);
    expect(problems).toEqual(['USHER_PLUGIN_INTERCEPTOR']);
  });

  it('is in doubt when the plugin fails while it is on its way', () => {
    const { left, came } = hold(
      onlyA((operation, next) =>
        merge(next(operation), timer(5).pipe(mergeMap(() => throwError(() => new Error('broken'))))),
      ),
    );
    expect(left).toEqual(['a', 'b']);
    expect(came[0]).toBe('5 unknown interceptor');
  });

  it('does not block the chat when the plugin answers and then goes on for ever', () => {
    const { came, problems } = hold(
      onlyA((operation, next) => concat(next(operation), NEVER)),
      { limits: { holdBudget: 100 } },
    );
    expect(came).toEqual(['10 sent', '120 sent']);
    expect(problems).toEqual(['USHER_PLUGIN_SLOW']);
  });

  it('is suppressed when the plugin lets it fall', () => {
    const { left, came } = hold(onlyA(() => EMPTY));
    expect(left).toEqual(['b']);
    expect(came).toEqual(['0 suppressed dropped', '10 sent']);
  });
});

describe('when the plugin comes into quarantine', () => {
  const quarantine =
    (at: number): NonNullable<Scene['meanwhile']> =>
    ({ runner }) =>
      void timer(at).subscribe(() => runner.quarantine('holding', 'by hand'));

  it('what it holds goes its way untouched, and so does what follows', () => {
    const { left, came } = hold(() => NEVER, { meanwhile: quarantine(50) });
    expect(left).toEqual(['a', 'b']);
    expect(came).toEqual(['60 sent', '70 sent']);
  });

  it('what it has passed on is not sent again', () => {
    const { left, came } = hold(
      onlyA((operation, next) => next(operation)),
      { answers: 100, meanwhile: quarantine(50) },
    );
    expect(left).toEqual(['a', 'b']);
    expect(came).toEqual(['100 sent', '200 sent']);
  });

  it('by the very operation that it breaks on, that one is not sent', () => {
    const { left, came } = hold(() => throwError(() => new Error('broken')), {
      limits: { quarantine: { failures: 1 } },
    });
    expect(left).toEqual(['b']);
    expect(came).toEqual(['0 failed interceptor', '10 sent']);
  });

  it('by what it does when it gets one, that one is sent once', () => {
    let stop = (): void => undefined;
    const { left } = hold(
      (operation, next) => {
        stop();
        return next(operation);
      },
      {
        meanwhile: ({ runner }) => {
          stop = () => runner.quarantine('holding', 'by hand');
        },
      },
    );
    expect(left).toEqual(['a', 'b']);
  });

  it('never, what a guard breaks on is held back each time', () => {
    const { left, came } = hold(() => throwError(() => new Error('broken')), {
      limits: { quarantine: false },
    });
    expect(left).toEqual([]);
    expect(came).toEqual(['0 failed interceptor', '0 failed interceptor']);
  });
});
