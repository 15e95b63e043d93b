import {
  catchError,
  defer,
  EMPTY,
  endWith,
  filter,
  finalize,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  takeWhile,
  tap,
  throwError,
} from 'rxjs';
import { UsherError } from '../errors.ts';
import type { Message } from '../model/message.ts';
import type { Operation } from '../model/operation.ts';
import type { Interaction, Interceptor } from '../ports.ts';
import { Budget } from './budget.ts';
import { inLane } from './lane.ts';
import type { MessageFunction } from './plugin.ts';
import type { RunningPlugin } from './running-plugin.ts';
import { workOf } from './work.ts';

/** Hands what the customer writes to a plugin's `message` function, through its lane. Never fails. */
export function handleLines(
  run: RunningPlugin,
  handle: MessageFunction,
  interaction: Interaction,
  flood: Interceptor,
): Observable<never> {
  const { name, limits } = run.plugin;
  const dossier = run.services.ledger.of(interaction);
  const done = (lines: readonly Message[]): void =>
    dossier.handled(
      name,
      lines.map(({ index }) => index),
    );
  const lines$ = interaction.messages$.pipe(
    filter((message) => isFromCustomer(message) && !dossier.isHandled(name, message.index)),
  );
  return inLane(lines$, limits.lane, {
    handle: (lines) => call(run, handle, interaction, flood, lines, () => done(lines)),
    onSuperseded: done,
    onFull: ({ index }) =>
      run.report(interaction, 'USHER_LANE_FULL', `line ${index} finds no room in the lane of plugin ${name}`),
  });
}

/** What was said before the agent's part is not for answering; what was told before a restart may be. */
function isFromCustomer({ type, from, visibility, history, replayed }: Message): boolean {
  return type === 'Text' && from.type === 'Customer' && visibility === 'All' && (!history || replayed);
}

const over = Symbol('over');

/** One call: ends when its stream does, fails, or has used up its budget. Not to be done again in any of the cases. */
function call(
  run: RunningPlugin,
  handle: MessageFunction,
  interaction: Interaction,
  flood: Interceptor,
  lines: readonly Message[],
  done: () => void,
): Observable<never> {
  const message = lines.at(-1);
  if (message === undefined) return EMPTY;
  const { name, limits } = run.plugin;
  return defer(() => {
    const abort = new AbortController();
    const budget = new Budget(run.services.clock, limits.budget);
    const around = keyed(name, message.index);
    const operations = run.services.gateway.bind(interaction, name, (operation, next) =>
      flood(around(operation), (passed) => budget.pausedDuring(next(passed))),
    );
    const context = { ...run.contextIn(interaction), operations, signal: abort.signal, interaction, lines };
    const late$ = budget.over$.pipe(
      mergeMap(() => {
        const text = `plugin ${name} took longer than ${limits.budget} ms over line ${message.index}`;
        return throwError(() => new UsherError('USHER_PLUGIN_SLOW', text));
      }),
    );
    const work$ = workOf(name, () => run.timed(interaction, () => handle(message, context)) ?? []);
    return merge(work$.pipe(ignoreElements(), endWith(over)), late$).pipe(
      takeWhile((event) => event !== over),
      ignoreElements(),
      tap({ complete: () => run.succeed() }),
      catchError((thrown: unknown) => {
        run.fail(interaction, thrown);
        return EMPTY;
      }),
      tap({ complete: done }),
      finalize(() => abort.abort()),
    );
  });
}

/** These may happen as often as they like. */
const unkeyed: ReadonlySet<Operation['name']> = new Set([
  'sendTyping',
  'sendTypingToAgents',
  'requestHistory',
  'setInFocus',
]);

/** Gives each operation of a call a key of its own, the same one when the line is handled again after a restart. */
function keyed(plugin: string, index: number): (operation: Operation) => Operation {
  let count = 0;
  return (operation) => {
    if (operation.once !== undefined || unkeyed.has(operation.name)) return operation;
    count += 1;
    return { ...operation, once: `reply:${plugin}:${index}:${count}` };
  };
}
