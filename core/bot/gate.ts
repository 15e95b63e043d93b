import { map, type Observable, timer } from 'rxjs';
import { UsherError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { type Outcome, suppressed } from '../model/outcome.ts';
import type { Interaction, Interceptor } from '../ports.ts';
import type { FloodGauge } from './flood.ts';
import type { RunningPlugin } from './running-plugin.ts';

/** Milliseconds that a plugin waits for the outcome of what it asks for after its time. */
const afterwards = 1_000;

/**
 * Stands before all that a plugin asks for in one piece of its work: holds back what is too much, and what comes
 * from work that was stopped. Such an outcome comes late: a plugin that asks again at every outcome would otherwise
 * never give way.
 */
export function gate(
  run: RunningPlugin,
  interaction: Interaction,
  gauge: FloodGauge,
  isOver: () => boolean,
): Interceptor {
  const { name, limits } = run.plugin;
  return (operation, next) => {
    // The sign that the agent types goes out whatever happened.
    if (isEndOfTyping(operation)) return next(operation);
    if (!run.isFree)
      return heldBack(run, operation, 'quarantine', `plugin ${name} is in quarantine`, afterwards);
    if (isOver())
      return heldBack(run, operation, 'stopped', `plugin ${name} was stopped before it`, afterwards);
    const excess = gauge.add();
    if (excess === undefined) return run.stopwatch.exempt(next(operation));
    const text = `plugin ${name} asks for more than ${limits.operationsPerSecond} operations in a second on interaction ${interaction.id}`;
    if (excess.begins) run.fail(interaction, new UsherError('USHER_PLUGIN_FLOODS', text));
    return heldBack(run, operation, 'flood', text, excess.wait);
  };
}

function isEndOfTyping(operation: Operation): boolean {
  return (operation.name === 'sendTyping' || operation.name === 'sendTypingToAgents') && !operation.typing;
}

function heldBack(
  { services: { journal, agent } }: RunningPlugin,
  operation: Operation,
  reason: string,
  message: string,
  after: number,
): Observable<Outcome> {
  const outcome = suppressed(operation, reason, message);
  journal.record(agent.username, { kind: 'operation', operation });
  journal.record(agent.username, { kind: 'outcome', outcome, took: 0 });
  return timer(after).pipe(map(() => outcome));
}
