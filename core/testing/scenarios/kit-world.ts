import type { Bot } from '../../bot/define-bot.ts';
import type { Dialect } from '../../dialects/dialect.ts';
import type { Service } from '../../session/services.ts';
import type { Finding } from '../scene/bot-side.ts';
import type { Customer } from '../scene/customer.ts';
import type { Wanted } from '../scene/deed.ts';
import { Scene } from '../scene/scene.ts';
import type { Fault } from '../server/faults.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Scenario } from './scenario.ts';
import type { ColleagueAct, CustomerAct, World } from './world.ts';

export interface KitWorldOptions {
  readonly bots: readonly Bot[];
  readonly services: readonly Service[];
  readonly dialect: Dialect;
}

/** A scenario in virtual time, in this process: no server, no network. */
export class KitWorld implements World {
  readonly #scene: Scene;
  readonly #customer: Customer;

  constructor(time: VirtualTime, { customer }: Scenario, options: KitWorldOptions) {
    this.#scene = new Scene(time, [], options);
    this.#customer = this.#scene.customer(customer.name, { userData: customer.userData });
  }

  get chronicle(): string {
    return this.#scene.chronicle.text;
  }

  get problems(): readonly string[] {
    return this.#scene.problems.map(({ code }) => code);
  }

  async invite(options: Parameters<World['invite']>[0]): Promise<void> {
    const { kind, saying } = options;
    this.#customer.joins({ ...(kind && { kind }), ...(saying && { saying }) });
    await this.#scene.time.settle();
  }

  async customer(act: CustomerAct): Promise<void> {
    if (act === 'leaves') this.#customer.leaves();
    else if ('says' in act) this.#customer.says(...act.says);
    else if (act.types) this.#customer.types();
    else this.#customer.stopsTyping();
    await this.#scene.time.settle();
  }

  async colleague(act: ColleagueAct): Promise<void> {
    const colleague = this.#scene.colleague();
    if (act === 'accepts') colleague.accepts();
    else if (act === 'refuses') colleague.refuses();
    else if (act === 'leaves') colleague.leaves();
    else colleague.says(act.says, { toAgents: act.toAgents });
    await this.#scene.time.settle();
  }

  async begin(faults: readonly Fault[]): Promise<void> {
    this.#scene.begin(...faults);
  }

  async end(faults: readonly Fault[]): Promise<void> {
    this.#scene.end(...faults);
    await this.#scene.time.settle();
  }

  wait(milliseconds: number): Promise<void> {
    return this.#scene.time.advance(milliseconds);
  }

  does(wanted: Wanted, within: number): Promise<Finding> {
    return this.#scene.bot.does(wanted, { within });
  }

  isSilent(milliseconds: number): Promise<Finding> {
    return this.#scene.bot.isSilent(milliseconds);
  }

  close(): Promise<void> {
    return this.#scene.stage.close();
  }
}
