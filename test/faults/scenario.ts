import {
  type FaultKind,
  type FaultOptions,
  faultCatalogue,
  type SimulatorOptions,
} from 'usher-bots/simulator';
import { mulberry32 } from '../../simulator/faults/random.ts';

/** What is tried under faults: everything in it follows from the seed. */
export interface FaultScenario {
  readonly seed: number;
  readonly dialect: NonNullable<SimulatorOptions['dialect']>;
  readonly csrf: boolean;
  readonly faults: FaultOptions;
  /** What each customer writes, one list per turn: the lines of a turn come at once. */
  readonly customers: readonly (readonly (readonly string[])[])[];
}

/** How often each kind may strike at most: those that take the session down would leave no time for a chat. */
const highestRate: Partial<Record<FaultKind, number>> = {
  session402: 0.03,
  cutPoll: 0.08,
  badAdvice: 0.03,
  expireHttp: 0.03,
  restart: 0.02,
  hang: 0.06,
  delay: 0.1,
};
const usualRate = 0.15;

/** The scenario of a seed: several chats, and a random mix of faults. */
export function scenarioOf(seed: number, dialect: FaultScenario['dialect']): FaultScenario {
  const next = mulberry32(seed);
  const whole = (lowest: number, highest: number): number =>
    lowest + Math.floor(next() * (highest - lowest + 1));
  const kinds = Object.keys(faultCatalogue) as FaultKind[];
  const chosen = new Set(Array.from({ length: whole(1, 5) }, () => kinds[whole(0, kinds.length - 1)]));
  const faults: Record<string, unknown> = { seed };
  for (const kind of chosen) {
    if (kind === undefined) continue;
    const rate = next() * (highestRate[kind] ?? usualRate);
    // Short enough for many scenarios, long enough to overtake and to be overtaken.
    faults[kind] =
      kind === 'lateEffect' ? { rate, ms: [10, 300] } : kind === 'slow' ? { rate, ms: [20, 300] } : rate;
  }
  const customers = Array.from({ length: whole(2, 4) }, (_, customer) =>
    Array.from({ length: whole(1, 3) }, (_unused, turn) =>
      Array.from({ length: whole(1, 2) }, (_line, at) => `line ${customer}.${turn}.${at}`),
    ),
  );
  return { seed, dialect, csrf: next() < 0.3, faults, customers };
}
