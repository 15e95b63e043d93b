import type { JournalEntry } from '../../model/journal-entry.ts';
import { Latencies, type LatencySummary } from '../show/latencies.ts';
import type { EvaluatedCustomer } from './evaluation.ts';

/** How one customer fared. */
export interface Visit {
  readonly customer: EvaluatedCustomer;
  readonly interactionId: string;
  /** Which expectation was not met, and what was heard instead; absent if all were. */
  readonly failure?: string;
}

/** How one customer's visit came out. */
interface Verdict extends Visit {
  readonly handedOff: boolean;
  /** The expectations were met, and it ended as it should. */
  readonly met: boolean;
}

export interface Measures {
  readonly customers: number;
  /** How many had their expectations met and ended as they should. */
  readonly goalsMet: number;
  readonly contained: number;
  readonly handedOff: number;
  /** How many of those that were handed over should have been. */
  readonly handedOffRightly: number;
  /** Messages of the agent. */
  readonly turns: number;
  /** Milliseconds from what a customer wrote to the next message of the agent. */
  readonly toReply: LatencySummary;
  /** Replies that were held back. */
  readonly suppressed: number;
  readonly tokens: number;
  readonly cost: number;
  readonly problems: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
}

const handsOver: ReadonlySet<string> = new Set(['transfer', 'completeTransfer', 'completeConference']);

/** What the journal tells of the visits. */
export function measured(visits: readonly Visit[], journal: readonly JournalEntry[]): Measures {
  const given = new Set<string>();
  const waiting = new Map<string, number>();
  const toReply = new Latencies();
  const problems: Record<string, number> = {};
  let [turns, suppressed, tokens, cost] = [0, 0, 0, 0];
  for (const entry of journal) {
    if (entry.kind === 'problem') problems[entry.code] = (problems[entry.code] ?? 0) + 1;
    if (entry.kind === 'noted' && entry.what === 'usage') {
      tokens += Number(entry.facts['tokens'] ?? 0);
      cost += Number(entry.facts['cost'] ?? 0);
    }
    if (entry.kind === 'notification' && entry.notification.kind === 'transcript') {
      const { interactionId, lines } = entry.notification;
      const isAsked = lines.some(({ type, from }) => type === 'Text' && from.type === 'Customer');
      if (isAsked && !waiting.has(interactionId)) waiting.set(interactionId, entry.at);
    }
    if (entry.kind !== 'outcome') continue;
    const { kind, operation } = entry.outcome;
    if (kind === 'sent' && handsOver.has(operation.name)) given.add(operation.interactionId);
    if (operation.name !== 'sendMessage') continue;
    if (kind === 'suppressed') suppressed += 1;
    if (kind !== 'sent') continue;
    turns += 1;
    const since = waiting.get(operation.interactionId);
    waiting.delete(operation.interactionId);
    if (since !== undefined) toReply.add(entry.at - since);
  }
  const verdicts = visits.map((visit): Verdict => {
    const handedOff = given.has(visit.interactionId);
    const met = visit.failure === undefined && handedOff === (visit.customer.goal === 'handed-off');
    return { ...visit, handedOff, met };
  });
  const handed = verdicts.filter(({ handedOff }) => handedOff);
  return {
    customers: visits.length,
    goalsMet: verdicts.filter(({ met }) => met).length,
    contained: visits.length - handed.length,
    handedOff: handed.length,
    handedOffRightly: handed.filter(({ customer }) => customer.goal === 'handed-off').length,
    turns,
    toReply: toReply.summary(),
    suppressed,
    tokens,
    cost,
    problems,
    verdicts,
  };
}
