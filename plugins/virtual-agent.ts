import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  finalize,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  tap,
  throwError,
  timeout,
  timer,
  toArray,
} from 'rxjs';
import { z } from 'zod';
import {
  definePlugin,
  fillTemplate,
  type Message,
  type MessageContext,
  splitAtSentences,
} from '../core/index.ts';
import type { Brain, Piece, Turn } from './virtual-agent/brain.ts';
import { harmless, outgoingOptions, presentable } from './virtual-agent/outgoing.ts';
import { piecesOf } from './virtual-agent/pieces.ts';
import { toolOptions, usesOf, useTool } from './virtual-agent/tools.ts';

export {
  type Brain,
  functionBrain,
  type Piece,
  type Tool,
  type Turn,
  type TurnLine,
} from './virtual-agent/brain.ts';
export { firstOfBrains } from './virtual-agent/first-of-brains.ts';

const template = z.string().trim().min(1, 'must not be empty');

const options = z.strictObject({
  /** What thinks of the answers. */
  brain: z.custom<Brain>((value) => typeof value === 'function', 'must be a brain: a function of a turn'),
  /**
   * When the customer writes on while the brain thinks:
   * - `cancel`: the turn is called off, and the next one has all lines. Default.
   * - `append`: the turn is finished, and what came meanwhile is the next one.
   */
  whenInterrupted: z.enum(['cancel', 'append']).default('cancel'),
  /** Milliseconds that the brain may take for a turn. Default: 20,000. */
  within: z.number().positive().default(20_000),
  /** Lines of the chat that the brain is told. Default: 40. */
  memory: z.number().int().positive().default(40),
  /** What the brain may do beside speaking. Default: nothing but to ask for a human. */
  tools: toolOptions.default({ transfer: {}, userData: [], disposition: [] }),
  /** What its words go through. */
  outgoing: outgoingOptions.default({ linksTo: [], withheld: [], longest: 1_000 }),
  /** What one chat may cost; beyond it a human takes over. Default: no limit. */
  budget: z
    .strictObject({ tokens: z.number().positive().optional(), cost: z.number().positive().optional() })
    .default({}),
  /** Characters after which a reply goes on in another message, between sentences. Default: all is one message. */
  splitAt: z.number().int().positive().optional(),
  /** What is said before a human is asked for because the brain fails, or does not know. Default: nothing. */
  sorry: template.optional(),
});

const state = z.object({
  /** What was said last. */
  transcript: z
    .array(z.object({ from: z.enum(['customer', 'agent', 'colleague']), text: z.string() }))
    .default([]),
  /** What the customer has written and was not answered yet, as after a turn that was called off. */
  open: z.array(z.string()).default([]),
  /** What the chat has cost so far. */
  tokens: z.number().default(0),
  cost: z.number().default(0),
});

type State = z.output<typeof state>;
type Context = MessageContext<State>;

/** Milliseconds after which the sign that the agent types is given again, lest it go stale. */
const typingGoesStale = 8_000;
/** Characters of a line that are kept. */
const longestLine = 2_000;

/**
 * Lets a brain answer the customer: typing while it thinks, one turn at a time, with a human behind it. Where the brain
 * fails, takes too long, or does not know, the plugin asks for a hand-off, which is the bot's to make: see `hand-off`.
 */
export const virtualAgent = definePlugin({
  name: 'virtual-agent',
  options,
  state,
  lane: ({ whenInterrupted }) => (whenInterrupted === 'cancel' ? 'latest' : 'coalesce'),
  // The brain has its own time, and what it says may wait to be typed.
  budget: ({ within }) => within * 2 + 30_000,
  bot:
    ({ memory, brain }) =>
    (interaction, { state }) =>
      merge(
        interaction.messages$.pipe(
          filter(({ type, visibility, replayed }) => type === 'Text' && visibility === 'All' && !replayed),
          tap((line) => {
            const isAsked = line.from.type === 'Customer' && interaction.now.owner.kind === 'bot';
            const { transcript, open } = state.value;
            state.patch({
              transcript: [...transcript, lineOf(line)].slice(-memory),
              ...(isAsked && !line.history && { open: [...open, lineOf(line).text].slice(-memory) }),
            });
          }),
        ),
        interaction.ended$.pipe(tap(() => brain.forget?.(interaction.id))),
      ),
  message: ({ brain, within, tools, outgoing, budget, splitAt, sorry }) => {
    const uses = usesOf(tools);

    return (_line, context) => {
      const { interaction, operations, state, agent, signal, requestHandOff } = context;
      const { tokens, cost, open: asked } = state.value;
      const answered = (): void => state.patch({ open: state.value.open.slice(asked.length) });
      const say = (said: string): Observable<unknown> =>
        concat(
          ...splitAtSentences(said, splitAt ?? Number.POSITIVE_INFINITY).map((part) =>
            operations.sendMessage(part),
          ),
        );
      const giveUp = (reason: string, summary?: string): Observable<unknown> =>
        concat(
          sorry === undefined ? EMPTY : operations.sendMessage(fillTemplate(sorry, interaction)),
          defer(() => {
            requestHandOff({ reason, ...(summary !== undefined && { summary }) });
            return EMPTY;
          }),
        );
      if (tokens >= (budget.tokens ?? Number.POSITIVE_INFINITY)) return giveUp('budget');
      if (cost >= (budget.cost ?? Number.POSITIVE_INFINITY)) return giveUp('budget');
      const turn: Turn = {
        interactionId: interaction.id,
        agent: agent.nickname,
        transcript: state.value.transcript,
        lines: asked,
        userData: interaction.now.userData,
        tools: uses.map(({ tool }) => tool),
        use: (name, given) => useTool(uses, operations, name, given),
        signal,
      };
      const thought$ = defer(() => piecesOf(brain, turn)).pipe(
        toArray(),
        timeout({ first: within, with: () => throwError(() => new LateError()) }),
      );
      return whileTyping(context, thought$).pipe(
        map((pieces): Answer => ({ pieces })),
        catchError((thrown: unknown) => {
          const failed = thrown instanceof LateError ? 'late' : 'failed';
          context.log.warn(
            { failed, why: thrown instanceof Error ? thrown.name : 'unknown' },
            'the brain gave no answer',
          );
          return of<Answer>({ pieces: [], failed });
        }),
        concatMap(({ pieces, failed }) => {
          count(context, pieces);
          answered();
          const said = presentable(textOf(pieces), outgoing);
          const wish = pieces.find((piece) => piece.kind === 'hand-off');
          const unsure = pieces.find((piece) => piece.kind === 'unsure');
          if (failed !== undefined) return giveUp(`brain-${failed}`);
          if (wish !== undefined) return concat(say(said), handOver(context, wish));
          if (said === '' || unsure !== undefined) return giveUp('unsure');
          return say(said);
        }),
      );
    };
  },
});

interface Answer {
  readonly pieces: readonly Piece[];
  readonly failed?: 'late' | 'failed';
}

class LateError extends Error {}

/** The sign of typing is on while something is thought of, given again before it goes stale, and off in every case. */
function whileTyping<Value>({ operations }: Context, thought$: Observable<Value>): Observable<Value> {
  return defer(() => {
    let isOn = true;
    const typing = timer(0, typingGoesStale)
      .pipe(mergeMap(() => operations.sendTyping(true)))
      .subscribe();
    const stop = (): void => {
      typing.unsubscribe();
      if (isOn) operations.sendTyping(false).subscribe();
      isOn = false;
    };
    // Before the reply: what is read is answered, or the customer gone.
    return thought$.pipe(tap(stop), finalize(stop));
  });
}

function count({ state, note }: Context, pieces: readonly Piece[]): void {
  const used = pieces.filter((piece) => piece.kind === 'usage');
  if (used.length === 0) return;
  const tokens = used.reduce((sum, piece) => sum + piece.tokens, 0);
  const cost = used.reduce((sum, piece) => sum + (piece.cost ?? 0), 0);
  state.patch({ tokens: state.value.tokens + tokens, cost: state.value.cost + cost });
  note('usage', { tokens, cost });
}

function handOver(
  { requestHandOff }: Context,
  wish: Extract<Piece, { kind: 'hand-off' }>,
): Observable<never> {
  return defer(() => {
    const { reason, summary } = wish;
    requestHandOff({ reason, ...(summary !== undefined && { summary }) });
    return EMPTY;
  });
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
}

function lineOf({ from: { type }, own, text }: Message): State['transcript'][number] {
  const who = type === 'Customer' ? 'customer' : own ? 'agent' : 'colleague';
  return { from: who, text: harmless(text, longestLine) };
}
