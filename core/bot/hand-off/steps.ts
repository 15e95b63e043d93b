import { concat, defer, EMPTY, ignoreElements, type Observable } from 'rxjs';
import type { HandOffRequest } from '../../model/hand-off.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Interaction } from '../../ports.ts';
import { fillTemplate } from '../fill-template.ts';
import type { BotContext } from '../plugin.ts';
import type { HandOffPlan } from './plan.ts';

/** One chat that is handed over, and how. */
export interface HandOffTask {
  readonly interaction: Interaction;
  readonly context: Pick<BotContext, 'operations' | 'timer'>;
  readonly plan: HandOffPlan;
  readonly request: HandOffRequest;
  /** Names the hand-off among those of the chat; the same after a restart, so that nothing is done twice. */
  readonly key: string;
}

/** It was done, now or before a restart; or nobody knows, and it may have been. */
export function isDone({ kind, reason }: Outcome): boolean {
  return kind === 'sent' || kind === 'unknown' || (kind === 'suppressed' && reason === 'once');
}

/** Tells the customer something, once. */
export function say(task: HandOffTask, step: string, text: string | undefined): Observable<never> {
  if (text === undefined) return EMPTY;
  return defer(() =>
    task.context.operations.sendMessage(filled(task, text), { once: onceKey(task, step) }),
  ).pipe(ignoreElements());
}

/** Tells the colleague what there is to know. */
export function brief(task: HandOffTask, step: string): Observable<never> {
  const { note } = task.plan.context;
  if (note === undefined) return EMPTY;
  return defer(() =>
    task.context.operations.sendToAgents(filled(task, note), { once: onceKey(task, step) }),
  ).pipe(ignoreElements());
}

/** Puts what the colleague's desktop is to show into the user data. */
export function attach(
  task: HandOffTask,
  values: Readonly<Record<string, string>> | undefined,
): Observable<never> {
  if (values === undefined) return EMPTY;
  const userData = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, filled(task, text)]));
  return task.context.operations.attachUserData(userData).pipe(ignoreElements());
}

/** What becomes of the chat when nobody comes. */
export function fallBack(task: HandOffTask): Observable<never> {
  const { fallback } = task.plan;
  const { operations } = task.context;
  const said$ = say(task, 'fallback', fallback.text);
  const { does } = fallback;
  if (does === 'stay') return said$;
  if (does === 'leave')
    return concat(said$, operations.leave({ once: onceKey(task, 'fallback-leave') })).pipe(ignoreElements());
  if ('callBack' in does) return concat(attach(task, does.callBack), said$);
  return concat(said$, operations.transfer(does.transfer, { once: onceKey(task, 'fallback-transfer') })).pipe(
    ignoreElements(),
  );
}

export function onceKey({ key }: HandOffTask, step: string): string {
  return `${key}:${step}`;
}

function filled({ interaction, request }: HandOffTask, template: string): string {
  const places: Readonly<Record<string, string>> = {
    reason: request.reason,
    summary: request.summary ?? '',
  };
  const known = template.replace(/\{(reason|summary)\}/g, (_place, name: string) => places[name] ?? '');
  return fillTemplate(known, interaction);
}
