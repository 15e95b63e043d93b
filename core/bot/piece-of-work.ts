import { Observable, type ObservableInput } from 'rxjs';
import type { UsherError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import type { Interaction } from '../ports.ts';
import type { Budget } from './budget.ts';
import type { FloodGauge } from './flood.ts';
import { gate } from './gate.ts';
import { IsolatedSubscriber, type WorkEnd } from './isolated.ts';
import type { BotContext } from './plugin.ts';
import type { RunningPlugin } from './running-plugin.ts';
import { shielded } from './shield.ts';
import { workOf } from './work.ts';

export interface PieceOfWork {
  readonly start: (context: BotContext) => ObservableInput<unknown>;
  readonly gauge: FloodGauge;
  /** Names each operation that the plugin asks for. Default: as it is. */
  readonly named?: (operation: Operation) => Operation;
  /** Default: it may go on for ever. */
  readonly limit?: { readonly budget: Budget; readonly tooLate: () => UsherError };
  /** It ends by failing; this is before the failure counts. */
  readonly onFail?: () => void;
  readonly onEnd?: (how: WorkEnd) => void;
}

/**
 * What a plugin does in one chat from one call of its function on. Its signal ends with it, and so do its
 * operations if it did not end by itself; what it throws, wherever, is told and harms nobody. Never fails.
 */
export function pieceOfWork(
  run: RunningPlugin,
  interaction: Interaction,
  { start, gauge, named = (operation) => operation, limit, onFail, onEnd }: PieceOfWork,
): Observable<never> {
  return new Observable((subscriber) => {
    const abort = new AbortController();
    let end: WorkEnd | undefined;
    const work = new IsolatedSubscriber({
      onThrow: (thrown, how) => {
        if (how === 'failed') onFail?.();
        run.fail(interaction, thrown);
      },
      onEnd: (how) => {
        abort.abort(over);
        end = how;
        onEnd?.(how);
        subscriber.complete();
      },
    });
    const { name } = run.plugin;
    const admitted = gate(
      run,
      interaction,
      gauge,
      () => run.isClosed || end === 'failed' || end === 'stopped',
    );
    const operations = run.services.gateway.bind(interaction, name, (operation, next) => {
      const outcome$ = admitted(named(operation), (passed) =>
        limit === undefined ? next(passed) : limit.budget.pausedDuring(next(passed)),
      );
      return shielded(outcome$, (thrown) =>
        work.closed ? run.fail(interaction, thrown) : work.error(thrown),
      );
    });
    const context = { ...run.contextIn(interaction), operations, signal: abort.signal };
    const work$ = workOf(name, () => start(context));
    // Before it begins, so that it can be stopped while it does.
    subscriber.add(work);
    work.take(new Observable((started) => run.timed(interaction, () => work$.subscribe(started))));
    if (limit === undefined || work.closed) return;
    work.add(limit.budget.over$.subscribe(() => work.error(limit.tooLate())));
  });
}

/** One for all: making one for every line that is answered would cost more than the answering. */
const over = new DOMException("the plugin's work is over", 'AbortError');
