import { answeredLine } from '../../bot/reply-key.ts';
import type { Agent } from '../../model/agent.ts';
import type { TranscriptLine } from '../../model/message.ts';
import type { Operation, OperationName } from '../../model/operation.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Owner } from '../../model/owner.ts';
import { isAgent } from '../../model/participant.ts';
import { type Deed, deedOf, folded } from './deed.ts';

/** From the agent's part, or from a line of the customer, to the customer's next. */
export interface Turn {
  /** 0: from the beginning to the customer's first line. */
  readonly nth: number;
  /** What the customer said; `undefined` in the first. */
  readonly after: string | undefined;
  /** When it begins, in milliseconds since the recording began. */
  readonly t: number;
  readonly done: readonly Deed[];
  readonly would: readonly Deed[];
  /** The word was a colleague's, or the candidate had left the chat before. */
  readonly isApart: boolean;
}

interface Placed {
  readonly at: number;
  readonly t: number;
}

interface SeenLine extends Placed {
  readonly line: TranscriptLine;
}

/** What is done later than this after a hand-off answers a colleague who was never asked. */
const aMoment = 5_000;

const farewells: ReadonlySet<OperationName> = new Set([
  'transfer',
  'invite',
  'startConsultation',
  'reject',
  'leave',
  'stopProcessing',
]);

/** What a recording has of one chat. */
export class SeenChat {
  readonly interactionId: string;
  /** The candidate saw it. */
  isSeen = false;
  readonly #agent: Agent;
  readonly #began: Placed;
  readonly #lines = new Map<number, SeenLine>();
  readonly #owners: (Placed & { readonly owner: Owner })[] = [];
  readonly #done: (Placed & { readonly operation: Operation; readonly asked: number })[] = [];
  readonly #would: (Placed & { readonly operation: Operation })[] = [];

  constructor(interactionId: string, agent: Agent, began: Placed) {
    this.interactionId = interactionId;
    this.#agent = agent;
    this.#began = began;
  }

  /** Whoever serves it does so without Usher: only what is said is known of it. */
  get isByHand(): boolean {
    return this.#done.length === 0;
  }

  tellLines(lines: readonly TranscriptLine[], place: Placed): void {
    for (const line of lines) {
      if (!this.#lines.has(line.index)) this.#lines.set(line.index, { ...place, line });
    }
  }

  tellOwner(owner: Owner, place: Placed): void {
    this.#owners.push({ ...place, owner });
  }

  /** An operation has ended; it was asked for `took` milliseconds before. */
  tellOutcome({ operation, kind }: Outcome, took: number, place: Placed): void {
    if (kind === 'sent' || kind === 'unknown')
      this.#done.push({ ...place, operation, asked: place.t - took });
  }

  tellWould(operation: Operation, place: Placed): void {
    this.#would.push({ ...place, operation });
  }

  turns(): readonly Turn[] {
    const lines = this.#linesOfPart();
    const asks = lines.filter(
      ({ line: { type, from, visibility } }) =>
        type === 'Text' && from.type === 'Customer' && visibility === 'All',
    );
    const begins = [{ ...this.#began, line: undefined }, ...asks];
    const turnOf = (at: number, line?: number): number => {
      const answered = asks.findIndex((ask) => ask.line.index === line);
      return answered >= 0 ? answered + 1 : begins.findLastIndex((begin) => begin.at <= at);
    };
    const done = [
      ...this.#done.map(
        (one) => [turnOf(one.at, answeredLine(one.operation)), deedOf(one.operation, one.at, one.t)] as const,
      ),
      ...this.#saidByHand(lines).map((deed) => [turnOf(deed.at), deed] as const),
    ];
    const wouldTurns = this.#would.map((one) => ({
      ...one,
      turn: turnOf(one.at, answeredLine(one.operation)),
    }));
    const farewell = wouldTurns.find(({ operation }) => farewells.has(operation.name));
    const would = wouldTurns
      .filter(({ t }) => farewell === undefined || t <= farewell.t + aMoment)
      .map(({ turn, operation, at, t }) => [turn, deedOf(operation, at, t)] as const);
    return begins.map(({ at, t, line }, nth) => ({
      nth,
      t,
      after: line?.text,
      done: deedsIn(done, nth),
      would: deedsIn(would, nth),
      isApart: this.#isElsewhere(at) || (farewell !== undefined && nth > farewell.turn),
    }));
  }

  /** In the order of the transcript, from the agent's arrival on: what was said before is history. */
  #linesOfPart(): readonly SeenLine[] {
    const all = [...this.#lines.values()].sort((one, other) => one.line.index - other.line.index);
    const joined = all.find(
      ({ line }) => line.type === 'ParticipantJoined' && isAgent(line.from, this.#agent),
    );
    return all.filter(({ line }) => joined === undefined || line.index > joined.line.index);
  }

  /** The agent's lines that no operation accounts for: by its text, or where a server changed that, by its time. */
  #saidByHand(lines: readonly SeenLine[]): readonly Deed[] {
    const own = lines.filter(
      ({ line: { type, from, visibility } }) =>
        (type === 'Text' || type === 'PushUrl') && visibility === 'All' && isAgent(from, this.#agent),
    );
    const spoken = this.#done.flatMap((one) => {
      const deed = deedOf(one.operation, one.at, one.t);
      return deed?.kind === 'says' ? [{ deed, asked: one.asked }] : [];
    });
    const unaccounted = own.filter(
      ({ line }) => !taken(spoken, ({ deed }) => deed.text === folded(line.text)),
    );
    return unaccounted
      .filter(({ t }) => !taken(spoken, ({ asked, deed }) => asked <= t && t <= deed.t))
      .map(({ line, at, t }) => ({ kind: 'says', text: folded(line.text), at, t }));
  }

  #isElsewhere(at: number): boolean {
    const owner = this.#owners.findLast((one) => one.at <= at)?.owner;
    return owner?.kind === 'nobody' || (owner?.kind === 'human' && owner.by !== 'take-over');
  }
}

/** Takes the first that fits out of a list; tells whether there was one. */
function taken<One>(list: One[], fits: (one: One) => boolean): boolean {
  const at = list.findIndex(fits);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

function deedsIn(placed: readonly (readonly [number, Deed | undefined])[], nth: number): readonly Deed[] {
  return placed
    .flatMap(([turn, deed]) => (turn === nth && deed !== undefined ? [deed] : []))
    .sort((one, other) => one.at - other.at);
}
