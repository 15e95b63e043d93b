import { setTimeout as pause } from 'node:timers/promises';
import type { CustomerStep, SimulatedCustomer, Simulator } from 'usher-bots/simulator';
import { until } from '../faults/until.ts';

/** Lines that a customer writes before the next one comes. */
const linesEach = 8;

/** Milliseconds that a customer waits for an answer: however long it may take. */
const patience = 90_000;

/** Customers who talk all the time: whoever leaves makes room for the next. */
export class Customers {
  readonly #simulator: Simulator;
  readonly #here = new Set<SimulatedCustomer>();
  readonly #failures: string[] = [];
  #arrived = 0;
  #answers = 0;
  #isOpen = true;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  get open(): number {
    return this.#here.size;
  }

  get ended(): number {
    return this.#arrived - this.#here.size;
  }

  /** Answers that customers have heard. */
  get answers(): number {
    return [...this.#here].reduce((sum, customer) => sum + answersOf(customer), this.#answers);
  }

  /** What went wrong for those who were not served. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** Lets so many in, a few at a time. */
  async letIn(count: number): Promise<void> {
    for (let nth = 0; nth < count && this.#isOpen; nth += 1) {
      void this.#stream();
      await pause(20);
    }
  }

  /** Lets nobody in any more, and waits so many milliseconds for those who are here to get their answers and leave. */
  async finish(within: number): Promise<void> {
    this.#isOpen = false;
    if (await until(() => this.#here.size === 0, within)) return;
    for (const customer of this.#here) {
      this.#failures.push(`${customer.name} still waited when the time was over`);
      customer.leave();
    }
  }

  async #stream(): Promise<void> {
    while (this.#isOpen) {
      const nth = this.#arrived;
      this.#arrived += 1;
      const customer = this.#simulator.arrive({ firstName: `Customer${nth}`, steps: this.#steps(nth) });
      this.#here.add(customer);
      const { name, failure } = await customer.done;
      this.#here.delete(customer);
      this.#answers += answersOf(customer);
      if (failure !== undefined) this.#failures.push(`${name}: ${failure}`);
    }
  }

  #steps(nth: number): readonly CustomerStep[] {
    let said = 0;
    const next = (): readonly CustomerStep[] => {
      // A last moment, in which whatever is said twice can still be heard.
      if (!this.#isOpen || said === linesEach) return [{ pause: 300 }, { leave: true }];
      said += 1;
      const say = `line ${said} of ${nth}`;
      const thinking = 400 + ((nth * 370 + said * 230) % 1_000);
      return [{ pause: thinking }, { say }, { expect: `re: ${say}`, within: patience }, { choose: next }];
    };
    return [{ expect: 'Hello', within: patience }, { choose: next }];
  }
}

function answersOf({ heard }: SimulatedCustomer): number {
  return heard.filter(({ text }) => text.startsWith('re: ')).length;
}
