import {
  type CustomerStep,
  type FaultKind,
  faultCatalogue,
  type SimulatedCustomer,
  type Simulator,
} from '../../../simulator/index.ts';
import type {
  Playground,
  PlaygroundArrival,
  PlaygroundCustomer,
  PlaygroundFault,
  PlaygroundLine,
} from '../../bot/playground.ts';

/** Milliseconds that a customer stays who is not sent away: a day. */
const staying: CustomerStep = { pause: 86_400_000 };

/** What can go wrong beyond the simulator's catalogue, at once and for all agents. */
const atOnce: readonly (PlaygroundFault & { readonly strike: (simulator: Simulator) => void })[] = [
  {
    name: 'cut',
    does: 'the sockets of all agents are destroyed; their sessions live on',
    strike: (simulator) => simulator.cut(),
  },
  {
    name: 'expire',
    does: 'all HTTP and CometD sessions are forgotten',
    strike: (simulator) => simulator.expireSessions(),
  },
];

/** What a customer did: what is needed to let another one do the same. */
interface Deed {
  readonly step: CustomerStep;
  readonly at: number;
}

interface Played {
  readonly arrival: PlaygroundArrival;
  readonly customer: SimulatedCustomer;
  readonly arrivedAt: number;
  readonly deeds: Deed[];
  gone: boolean;
}

/** The simulator in this process, to be played with from the console. */
export class SimulatedPlayground implements Playground {
  readonly faults: readonly PlaygroundFault[] = [
    ...atOnce.map(({ name, does }) => ({ name, does })),
    ...Object.entries(faultCatalogue).map(([name, { does }]) => ({ name, does: does.replaceAll('`', '') })),
  ];
  readonly #simulator: Simulator;
  readonly #now: () => number;
  readonly #played = new Map<string, Played>();
  readonly #listeners = new Set<(customer: PlaygroundCustomer) => void>();

  constructor(simulator: Simulator, now: () => number) {
    this.#simulator = simulator;
    this.#now = now;
  }

  get customers(): readonly PlaygroundCustomer[] {
    return [...this.#played.values()].map(shown);
  }

  onChange(changed: (customer: PlaygroundCustomer) => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  arrive(arrival: PlaygroundArrival): string {
    return this.#letIn(arrival, [staying]);
  }

  say(chatId: string, text: string): boolean {
    return this.#do(chatId, { say: text }, (customer) => customer.say(text));
  }

  type(chatId: string, typing: boolean): boolean {
    return this.#do(chatId, undefined, (customer) => customer.type(typing));
  }

  leave(chatId: string): boolean {
    return this.#do(chatId, { leave: true }, (customer) => customer.leave());
  }

  repeat(chatId: string): string | undefined {
    const played = this.#played.get(chatId);
    if (played === undefined) return undefined;
    let last = played.arrivedAt;
    const steps = played.deeds.flatMap(({ step, at }): CustomerStep[] => {
      const waited = at - last;
      last = at;
      return [{ pause: waited }, step];
    });
    const stays = !played.deeds.some(({ step }) => 'leave' in step);
    return this.#letIn(played.arrival, stays ? [...steps, staying] : steps, played.deeds);
  }

  breakDown(fault: string, times: number): boolean {
    const immediate = atOnce.find(({ name }) => name === fault);
    if (immediate !== undefined) {
      immediate.strike(this.#simulator);
      return true;
    }
    if (!Object.hasOwn(faultCatalogue, fault)) return false;
    this.#simulator.faults.plan({ kind: fault as FaultKind, times });
    return true;
  }

  #letIn(arrival: PlaygroundArrival, steps: readonly CustomerStep[], deeds: readonly Deed[] = []): string {
    const { firstName, lastName, subject, userData } = arrival;
    const customer = this.#simulator.arrive(
      {
        firstName,
        ...(lastName !== undefined && { lastName }),
        ...(subject !== undefined && { subject }),
        ...(userData !== undefined && { userData }),
        steps,
      },
      () => this.#tell(customer.chatId),
    );
    const arrivedAt = this.#now();
    const first = deeds[0]?.at ?? arrivedAt;
    const repeated = deeds.map(({ step, at }) => ({ step, at: at - first + arrivedAt }));
    this.#played.set(customer.chatId, { arrival, customer, arrivedAt, deeds: repeated, gone: false });
    void customer.done.then(() => {
      const played = this.#played.get(customer.chatId);
      if (played !== undefined) played.gone = true;
      this.#tell(customer.chatId);
    });
    this.#tell(customer.chatId);
    return customer.chatId;
  }

  #do(chatId: string, step: CustomerStep | undefined, deed: (customer: SimulatedCustomer) => void): boolean {
    const played = this.#played.get(chatId);
    if (played === undefined || played.gone) return false;
    if (step !== undefined) played.deeds.push({ step, at: this.#now() });
    deed(played.customer);
    return true;
  }

  #tell(chatId: string): void {
    const played = this.#played.get(chatId);
    if (played === undefined) return;
    for (const changed of this.#listeners) changed(shown(played));
  }
}

function shown({ customer, gone }: Played): PlaygroundCustomer {
  return {
    chatId: customer.chatId,
    name: customer.name,
    gone,
    lines: customer.seen.map(
      ({ type, from, text, url, noticeText, at }): PlaygroundLine => ({
        type,
        from: from.nickname,
        text: text ?? url ?? noticeText ?? '',
        own: from.type === 'Customer',
        at,
      }),
    ),
  };
}
