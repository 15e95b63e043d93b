import {
  combineLatest,
  defer,
  distinctUntilChanged,
  filter,
  ignoreElements,
  map,
  merge,
  NEVER,
  Observable,
  of,
  scan,
  switchMap,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import { UsherError } from '../errors.ts';
import type { Message } from '../model/message.ts';
import type { Operation } from '../model/operation.ts';
import type { Interaction } from '../ports.ts';
import { Budget } from './budget.ts';
import type { FloodGauge } from './flood.ts';
import { isolated } from './isolated.ts';
import { inLane } from './lane.ts';
import { pieceOfWork } from './piece-of-work.ts';
import type { MessagePart } from './plugin.ts';
import type { Relay } from './relay.ts';
import { replyKey } from './reply-key.ts';
import type { RunningPlugin } from './running-plugin.ts';
import { workOf } from './work.ts';

/**
 * Hands what the customer writes to a plugin's `message` function, through its lane. Each line is given once, and is
 * done with whatever comes of it; one to which the plugin had nothing to say goes to the next. Never fails.
 */
export function handleLines(
  run: RunningPlugin,
  part: MessagePart,
  interaction: Interaction,
  gauge: FloodGauge,
  relay: Relay,
  ready$?: Observable<unknown>,
): Observable<never> {
  const { key, plugin } = run;
  const { name, limits } = plugin;
  const dossier = run.services.ledger.of(interaction);
  const handled = (lines: readonly Message[]): void =>
    dossier.handled(
      key,
      lines.map(({ index }) => index),
    );
  const done = (lines: readonly Message[]): void => {
    handled(lines);
    relay.passOn(key, lines);
  };
  const taken = (lines: readonly Message[]): void => {
    handled(lines);
    relay.take(key, lines);
  };
  const leaveOut = (lines: readonly Message[]): void => {
    for (const { index } of lines) {
      const text = `line ${index} is not given to plugin ${name}, which is in quarantine`;
      run.report(interaction, 'USHER_LINE_LEFT_OUT', text);
    }
    done(lines);
  };
  const lines$ = relay.linesFor(key).pipe(
    filter((message) => {
      const isOurs = isFor(part, message) && !dossier.isHandled(key, message.index);
      if (!isOurs) relay.passOn(key, [message]);
      return isOurs;
    }),
    takeUntil(merge(run.retired$, interaction.ended$)),
  );
  const past = (tell: (lines: readonly Message[]) => void): Observable<never> =>
    lines$.pipe(
      tap((line) => tell([line])),
      ignoreElements(),
    );
  const handled$ = inLane(lines$, limits.lane, {
    capacity: limits.laneCapacity,
    ...(ready$ !== undefined && { ready$ }),
    onDepth: (change) => run.count(change),
    handle: (lines) =>
      call(run, part, interaction, gauge, lines, (hasSpoken) => (hasSpoken ? taken(lines) : done(lines))),
    onSuperseded: taken,
    onFull: (line) => {
      const text = `line ${line.index} finds no room in the lane of plugin ${name}`;
      run.report(interaction, 'USHER_LANE_FULL', text);
      done([line]);
    },
    onGivenUp: (lines) => {
      // What the end of the session cuts short is for the next one.
      if (run.isClosed || interaction.now.ended) return;
      if (run.isFree) done(lines);
      // The line that brought it there has been handled.
      else leaveOut(lines.filter(({ index }) => !dossier.isHandled(key, index)));
    },
  });
  const attentive$ = run.isFree$.pipe(
    takeUntil(run.retired$),
    switchMap((isFree) => (isFree ? handled$ : past(leaveOut))),
  );
  const silenced$ = merge(silence(run, part, interaction), of(false)).pipe(scan((was, is) => was || is));
  // What the customer writes to a human is not for the bots, also when they get the word back.
  const others$ = interaction.owner$.pipe(map(({ kind }) => kind !== 'bot'));
  return combineLatest([silenced$, others$]).pipe(
    map(([isSilenced, isOthers]) => isSilenced || isOthers),
    distinctUntilChanged(),
    takeUntil(run.retired$),
    switchMap((isSilent) => (isSilent ? past(done) : attentive$)),
  );
}

/** What was said before the agent's part is answered only by choice; what was told before a restart may be. */
function isFor(part: MessagePart, { type, from, visibility, history, replayed }: Message): boolean {
  const isTimely = part.history || !history || replayed;
  return type === 'Text' && from.type === 'Customer' && visibility === 'All' && isTimely;
}

/** Emits `true` when the plugin is to be silent from now on, also if it cannot tell. */
function silence(run: RunningPlugin, { until }: MessagePart, interaction: Interaction): Observable<boolean> {
  if (until === undefined) return NEVER;
  return new Observable((subscriber) => {
    const word$ = workOf(run.plugin.name, () => until(run.shielded(interaction))).pipe(
      take(1),
      tap(() => subscriber.next(true)),
    );
    const onThrow = (thrown: unknown): void => {
      run.fail(interaction, thrown);
      subscriber.next(true);
    };
    return isolated(word$, { onThrow }).subscribe();
  });
}

/** One call: ends when its stream does, fails, or has used up its budget. Not to be done again in any of the cases. */
function call(
  run: RunningPlugin,
  { handle }: MessagePart,
  interaction: Interaction,
  gauge: FloodGauge,
  lines: readonly Message[],
  done: (hasSpoken: boolean) => void,
): Observable<never> {
  return defer(() => {
    let hasSpoken = false;
    const naming = keyed(run.key, lines.at(-1)?.index ?? 0);
    const message = lines.at(-1) as Message;
    const { name, limits } = run.plugin;
    const budget = new Budget(run.services.clock, limits.budget);
    const tooLate = (): UsherError => {
      const text = `plugin ${name} took longer than ${limits.budget} ms over line ${message.index} of interaction ${interaction.id}`;
      return new UsherError('USHER_PLUGIN_SLOW', text);
    };
    return pieceOfWork(run, interaction, {
      gauge,
      start: (context) => {
        const requestHandOff: typeof context.requestHandOff = (request) => {
          hasSpoken = true;
          context.requestHandOff(request);
        };
        const own = { ...context, requestHandOff, interaction: run.shielded(interaction), lines };
        return handle(message, own) ?? [];
      },
      named: (operation) => {
        hasSpoken ||= speaks(operation);
        return naming(operation);
      },
      limit: { budget, tooLate },
      onFail: () => done(hasSpoken),
      onEnd: (how) => {
        if (how !== 'completed') return;
        run.succeed();
        done(hasSpoken);
      },
    });
  });
}

/** The customer hears it, or sees what comes of it. */
function speaks({ name }: Operation): boolean {
  return !silent.has(name);
}

const silent: ReadonlySet<Operation['name']> = new Set([
  'sendTyping',
  'sendToAgents',
  'sendTypingToAgents',
  'requestHistory',
  'attachUserData',
  'updateUserData',
  'deleteUserData',
  'setDisposition',
  'setInFocus',
]);

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
    return { ...operation, once: replyKey(plugin, index, count) };
  };
}
