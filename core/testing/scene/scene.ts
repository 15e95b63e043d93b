import type { Plugin } from '../../bot/plugin.ts';
import type { UserData } from '../../model/interaction.ts';
import type { Problem } from '../../model/journal-entry.ts';
import type { Operation } from '../../model/operation.ts';
import { type Duration, milliseconds } from '../duration.ts';
import { type Fault, faultKinds } from '../server/faults.ts';
import { testAgent } from '../server/people.ts';
import type { ServerChat } from '../server/server-chat.ts';
import { Stage, type StageOptions } from '../stage.ts';
import type { VirtualTime } from '../virtual-time.ts';
import { BotSide, type Doings } from './bot-side.ts';
import { Chronicle, deedText } from './chronicle.ts';
import { Colleague } from './colleague.ts';
import { Customer } from './customer.ts';
import type { Deed } from './deed.ts';

/** Default: GWS 8.5.0, no services, and a contact centre and a process that begin with the scene. */
export type SceneOptions = Omit<StageOptions, 'plugins'>;

export interface CustomerOptions {
  readonly userData?: UserData;
  /** The interaction's id. Default: the customer's name. */
  readonly chatId?: string;
}

/** Who is in a scripted test, and what has happened in it: customers, colleagues, and the bots under test. */
export class Scene implements Doings {
  readonly time: VirtualTime;
  readonly stage: Stage;
  readonly chronicle = new Chronicle(() => this.time.now);
  readonly deeds: Deed[] = [];
  readonly lookedAt = new Set<Deed>();
  /** What has left, and has no outcome yet. */
  readonly #underWay = new Set<Operation>();
  #wasFaulty = false;
  /** The bots in the chat of the latest customer; `bot.with(customer)` where there are several. */
  readonly bot = new BotSide(this, () => this.#chatOf().id);
  readonly #customers: Customer[] = [];

  constructor(time: VirtualTime, plugins: readonly Plugin[], options: SceneOptions = {}) {
    this.time = time;
    this.stage = new Stage({ plugins, ...options });
    this.stage.sent$.subscribe((operation) => {
      this.chronicle.tell(testAgent.nickname, deedText(operation), operation.plugin);
      // Sent again because it was lost, it is still the same deed.
      if (this.#underWay.has(operation)) return;
      this.#underWay.add(operation);
      this.deeds.push({ at: time.now, operation });
    });
    this.stage.entries$.subscribe((entry) => {
      if (entry.kind === 'problem') this.chronicle.tell('problem', `${entry.code}: ${entry.message}`);
      if (entry.kind !== 'outcome') return;
      const { operation, kind, reason, attempts } = entry.outcome;
      this.#settle(operation);
      if (kind === 'sent' || (attempts > 0 && kind !== 'refused')) return;
      const why = reason === undefined ? kind : `${kind}: ${reason}`;
      this.chronicle.tell(testAgent.nickname, `(${deedText(operation)})`, `${operation.plugin}, ${why}`);
    });
  }

  /** The customer of this name; a new one, if there is none yet. */
  customer = (name: string, { userData = {}, chatId = name }: CustomerOptions = {}): Customer => {
    const known = this.#customers.find((customer) => customer.name === name);
    if (known !== undefined) return known;
    const customer = new Customer(name, chatId, userData, this.stage.server, this.chronicle);
    this.#customers.push(customer);
    return customer;
  };

  /** A colleague; in the chat of the latest customer, unless it is said in whose. */
  colleague = (name = 'Cora', customer?: Customer): Colleague =>
    new Colleague(name, () => this.#chatOf(customer), this.chronicle, this.stage.seat);

  /** Lets time pass. */
  after = async (duration: Duration): Promise<void> => this.time.advance(milliseconds(duration));

  /** Lets something go wrong from now on. */
  begin = (...faults: readonly Fault[]): void => {
    for (const fault of faults) this.chronicle.tell('fault', `${fault} begins`, faultKinds[fault]);
    this.stage.server.faults.begin(...faults);
    this.#wasFaulty = true;
  };

  /** What went wrong, without what a fault brings with it: a notification that came twice, for instance. */
  get problems(): readonly Problem[] {
    return this.stage.problems.filter(({ plugin }) => !this.#wasFaulty || plugin !== undefined);
  }

  /** Default: everything goes well again. */
  end = (...faults: readonly Fault[]): void => {
    this.chronicle.tell('fault', faults.length === 0 ? 'all end' : `${faults.join(', ')} end`);
    this.stage.server.faults.end(...faults);
  };

  /** Interceptors may have sent another operation in its place. */
  #settle({ interactionId, plugin }: Operation): void {
    for (const sent of this.#underWay) {
      if (sent.interactionId === interactionId && sent.plugin === plugin) this.#underWay.delete(sent);
    }
  }

  #chatOf(customer = this.#customers.findLast(({ chat }) => chat !== undefined)): ServerChat {
    const chat = customer?.chat;
    if (chat === undefined) throw new Error("nobody is in a chat yet: customer('Mia').joins()");
    return chat;
  }
}
