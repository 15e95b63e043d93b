import type { SimulatorClock } from '../clock.ts';
import type { SimulatorLogEntry } from '../options.ts';
import { type FaultKind, type FaultScope, type FaultTunables, faultKinds, tunablesOf } from './catalogue.ts';
import { faultIssues } from './check.ts';
import { Hit } from './hit.ts';
import type { FaultOptions, FaultPlan, InjectedFault } from './options.ts';
import { mulberry32, type Random, seedOf } from './random.ts';

/** A moment at which a fault may happen. */
export interface Opportunity {
  readonly scope: FaultScope;
  readonly username: string;
  readonly operation?: string;
  readonly interactionId?: string;
}

/** Steers the faults of a running simulator. */
export interface FaultControl {
  readonly seed: number;
  /** What has happened so far, in order. */
  readonly injected: readonly InjectedFault[];
  /** Makes the next opportunities count; with an operation named, whatever the scope. */
  plan(plan: FaultPlan): void;
  /** Ends the faults that happen by chance; planned ones still happen. */
  stop(): void;
}

/**
 * Decides what goes wrong. Every kind has a stream of chances of its own per agent, so that what happens to one agent
 * does not depend on what others do meanwhile, nor on which other kinds are on.
 */
export class Faults implements FaultControl {
  readonly seed: number;
  readonly injected: InjectedFault[] = [];
  readonly #options: FaultOptions;
  readonly #scope: ReadonlySet<FaultScope>;
  readonly #clock: SimulatorClock;
  readonly #onLog: (entry: SimulatorLogEntry) => void;
  readonly #plans: { readonly plan: FaultPlan; left: number }[] = [];
  readonly #streams = new Map<string, Random>();
  #stopped = false;

  constructor(
    options: FaultOptions,
    clock: SimulatorClock,
    onLog: (entry: SimulatorLogEntry) => void = () => undefined,
  ) {
    const issues = faultIssues(options);
    if (issues.length > 0) throw new TypeError(`faults: ${issues.join('; ')}`);
    this.#options = options;
    this.#clock = clock;
    this.#onLog = onLog;
    this.#scope = new Set(options.scope ?? ['operations', 'notifications', 'cometd']);
    this.seed = options.seed ?? 1;
  }

  plan(plan: FaultPlan): void {
    if (!faultKinds.includes(plan.kind)) throw new TypeError(`${plan.kind} is not a kind of fault`);
    this.#plans.push({ plan, left: plan.times ?? 1 });
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Whether the fault happens now. `applies` is asked only where it could. */
  take(kind: FaultKind, opportunity: Opportunity, applies: () => boolean = () => true): Hit | undefined {
    return this.first([kind], opportunity, applies);
  }

  /** The one of several kinds that happens now; planned ones come first, then each has its chance in turn. */
  first(
    kinds: readonly FaultKind[],
    opportunity: Opportunity,
    applies: (kind: FaultKind) => boolean = () => true,
  ): Hit | undefined {
    const planned = this.#plans.find(
      ({ plan, left }) =>
        left > 0 && kinds.includes(plan.kind) && this.#fits(plan, opportunity) && applies(plan.kind),
    );
    if (planned !== undefined) {
      planned.left -= 1;
      return this.#hit(planned.plan.kind, opportunity, planned.plan);
    }
    if (this.#stopped || !this.#scope.has(opportunity.scope)) return undefined;
    const struck = kinds.filter((kind) => {
      const rate = this.#tuningOf(kind).rate;
      return rate > 0 && applies(kind) && this.#stream(kind, opportunity.username)() < rate;
    });
    return struck[0] && this.#hit(struck[0], opportunity, this.#tuningOf(struck[0]));
  }

  #fits({ operation, username }: FaultPlan, opportunity: Opportunity): boolean {
    if (username !== undefined && username !== opportunity.username) return false;
    return operation === undefined ? this.#scope.has(opportunity.scope) : operation === opportunity.operation;
  }

  #hit(kind: FaultKind, { scope: _scope, ...where }: Opportunity, tunables: FaultTunables): Hit {
    const fault: { -readonly [Key in keyof InjectedFault]: InjectedFault[Key] } = {
      kind,
      at: this.#clock.now(),
      ...where,
    };
    this.injected.push(fault);
    this.#onLog({
      event: `fault ${kind}`,
      agent: where.username,
      ...(where.interactionId !== undefined && { chat: where.interactionId }),
      ...(where.operation !== undefined && { detail: where.operation }),
    });
    return new Hit(
      kind,
      { ...tunablesOf(kind), ...tunables },
      this.#stream(kind, where.username),
      (detail) => {
        fault.detail = detail;
      },
    );
  }

  #tuningOf(kind: FaultKind): FaultTunables & { readonly rate: number } {
    const option = this.#options[kind] ?? 0;
    return typeof option === 'number' ? { rate: option } : option;
  }

  #stream(kind: FaultKind, username: string): Random {
    const name = `${kind}/${username}`;
    const stream = this.#streams.get(name) ?? mulberry32(seedOf(this.seed, name));
    this.#streams.set(name, stream);
    return stream;
  }
}
