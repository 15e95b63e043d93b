import { setTimeout as pause } from 'node:timers/promises';
import type { CustomerResult, CustomerStep, Simulator } from 'usher-bots/simulator';

export interface CrowdOptions {
  /** How many chat at a time. */
  readonly size: number;
  /** Milliseconds that each waits for an answer before the chat is left. */
  readonly patience: number;
  readonly random: () => number;
}

/** Milliseconds from one look at how many there are to the next. */
const between = 50;

/** Customers who chat with the bots: for each who leaves another one comes. */
export class Crowd {
  readonly #simulator: Simulator;
  readonly #options: CrowdOptions;
  readonly #results: Promise<CustomerResult>[] = [];
  readonly #arriving: Promise<void>;
  #isGoing = true;
  #present = 0;

  constructor(simulator: Simulator, options: CrowdOptions) {
    this.#simulator = simulator;
    this.#options = options;
    this.#arriving = this.#arrive();
  }

  /** Lets nobody in any more, and waits until all have left. Resolves with those who were not served. */
  async end(): Promise<readonly string[]> {
    this.stop();
    await this.#arriving;
    const results = await Promise.all(this.#results);
    return results
      .filter(({ served }) => !served)
      .map(({ chatId, failure }) => `${chatId}: not served: ${failure}`);
  }

  stop(): void {
    this.#isGoing = false;
  }

  async #arrive(): Promise<void> {
    while (this.#isGoing) {
      if (this.#present < this.#options.size) this.#letIn();
      await pause(between);
    }
  }

  #letIn(): void {
    const at = this.#results.length;
    this.#present += 1;
    const { done } = this.#simulator.arrive({ firstName: `Customer${at}`, steps: this.#steps(at) });
    this.#results.push(
      done.finally(() => {
        this.#present -= 1;
      }),
    );
  }

  /** Some turns of one or two lines. Real customers say the same thing again, so some do that. */
  #steps(at: number): CustomerStep[] {
    const { patience: within, random } = this.#options;
    const turns = Array.from({ length: 3 + Math.floor(random() * 4) }, (_, turn) =>
      random() < 0.3
        ? ['again', 'again']
        : random() < 0.5
          ? [`one ${at}.${turn}`]
          : [`two ${at}.${turn}`, 'so?'],
    );
    return [
      { expect: 'Hello', within },
      ...turns.flatMap((lines) => [
        { pause: 200 + random() * 600 },
        ...lines.map((say) => ({ say })),
        ...lines.map((line) => ({ expect: `re: ${line}`, within })),
      ]),
      { leave: true },
    ];
  }
}
