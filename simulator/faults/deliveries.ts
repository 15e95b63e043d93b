import type { SimulatorClock } from '../clock.ts';
import type { CometdSide } from '../cometd.ts';
import { Ids } from '../engine/ids.ts';
import type { Agent } from '../engine/part.ts';
import type { AgentEvent } from '../engine/records.ts';
import type { Wire } from '../wire/wire.ts';
import type { Faults, Opportunity } from './faults.ts';
import { foreign, nonsense } from './nonsense.ts';

/** A notification that others overtake. */
interface Held {
  overtakers: number;
  release(): void;
}

interface Lane {
  readonly waiting: { wait: number; readonly deliver: () => void }[];
  readonly held: Set<Held>;
  blocked: boolean;
}

/** Sends the notifications of each agent, in order but for the faults. */
export class Deliveries {
  readonly #faults: Faults;
  readonly #cometd: CometdSide;
  readonly #clock: SimulatorClock;
  readonly #wire: Wire;
  readonly #strangers = new Ids();
  readonly #lanes = new Map<Agent, Lane>();

  constructor(faults: Faults, cometd: CometdSide, clock: SimulatorClock, wire: Wire) {
    this.#faults = faults;
    this.#cometd = cometd;
    this.#clock = clock;
    this.#wire = wire;
  }

  /** `data`: the event as it was worded when it happened. */
  send(agent: Agent, event: AgentEvent, data: Record<string, unknown>): void {
    const lane = this.#laneOf(agent);
    const interactionId = event.kind === 'lines' ? event.interactionId : event.part.interactionId;
    const where: Opportunity = { scope: 'notifications', username: agent.username, interactionId };

    const spoilt = this.#faults.take('malformed', where);
    if (spoilt !== undefined) this.#queue(agent, lane, nonsense(data, spoilt));
    if (this.#faults.take('foreign', where) !== undefined)
      this.#queue(agent, lane, foreign(event, this.#wire, this.#strangers.interaction()));

    if (this.#faults.take('drop', where) !== undefined) return;
    const wait = this.#faults.take('delay', where)?.ms ?? 0;
    const overtaken = this.#faults.take('reorder', where);
    const again = this.#faults.take('duplicate', where)?.ms;
    const deliver = (): void => {
      this.#deliver(agent, data, where);
      if (again !== undefined) this.#clock.after(again, () => this.#deliver(agent, data, where));
    };
    if (overtaken !== undefined) return this.#hold(lane, overtaken.count, overtaken.ms, deliver);
    lane.waiting.push({ wait, deliver });
    this.#move(lane);
  }

  #queue(agent: Agent, lane: Lane, data: unknown): void {
    lane.waiting.push({ wait: 0, deliver: () => this.#cometd.deliver(agent, data) });
    this.#move(lane);
  }

  #deliver(agent: Agent, data: unknown, where: Opportunity): void {
    const opportunity: Opportunity = { ...where, scope: 'cometd' };
    const connected = (): boolean => this.#cometd.connections(agent).cometdSessions > 0;
    if (this.#faults.take('session402', opportunity, connected) !== undefined)
      this.#cometd.expire(agent.username);
    const polls = (): boolean => this.#cometd.polls(agent);
    if (this.#faults.take('cutPoll', opportunity, polls) !== undefined) this.#cometd.cutPolls(agent);
    this.#cometd.deliver(agent, data);
  }

  #hold(lane: Lane, overtakers: number, ms: number, deliver: () => void): void {
    const held: Held = {
      overtakers,
      release: () => {
        if (lane.held.delete(held)) deliver();
      },
    };
    lane.held.add(held);
    this.#clock.after(ms, held.release);
  }

  #move(lane: Lane): void {
    if (lane.blocked) return;
    for (let next = lane.waiting[0]; next !== undefined; next = lane.waiting[0]) {
      if (next.wait > 0) {
        const { wait } = next;
        next.wait = 0;
        lane.blocked = true;
        this.#clock.after(wait, () => {
          lane.blocked = false;
          this.#move(lane);
        });
        return;
      }
      lane.waiting.shift();
      next.deliver();
      for (const held of [...lane.held]) {
        held.overtakers -= 1;
        if (held.overtakers <= 0) held.release();
      }
    }
  }

  #laneOf(agent: Agent): Lane {
    const lane = this.#lanes.get(agent) ?? { waiting: [], held: new Set(), blocked: false };
    this.#lanes.set(agent, lane);
    return lane;
  }
}
