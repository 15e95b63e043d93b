import type { SimulatorClock } from '../clock.ts';
import type { ContactCentre } from '../engine/contact-centre.ts';
import type { Chat } from '../engine/part.ts';
import type { Line } from '../engine/records.ts';
import { Customer } from './customer.ts';
import type { CustomerScript } from './script.ts';

/** The customers that the simulator plays, each until the own chat is over. */
export class Customers {
  readonly #centre: ContactCentre;
  readonly #clock: SimulatorClock;
  /** By chat. */
  readonly #present = new Map<string, Customer>();

  constructor(centre: ContactCentre, clock: SimulatorClock) {
    this.#centre = centre;
    this.#clock = clock;
  }

  /** `onSeen`: called for each line that the customer has seen. */
  arrive(script: CustomerScript, onSeen?: () => void): Customer {
    const { firstName, lastName, subject, userData, skill } = script;
    const chat = this.#centre.arrive({
      nickname: [firstName, lastName].filter(Boolean).join(' '),
      userData: {
        FirstName: firstName,
        ...(lastName !== undefined && { LastName: lastName }),
        ...(subject !== undefined && { Subject: subject }),
        ...userData,
      },
      ...(skill !== undefined && { skill }),
    });
    const customer = new Customer(this.#centre, this.#clock, chat, script, onSeen);
    this.#present.set(chat.id, customer);
    void customer.done.then(() => this.#present.delete(chat.id));
    return customer;
  }

  /** A line of the chat comes to its customer. */
  see(chat: Chat, line: Line): void {
    this.#present.get(chat.id)?.see(line);
    if (!chat.customerHere) this.#present.get(chat.id)?.close();
  }

  leave(): void {
    for (const customer of this.#present.values()) customer.leave();
  }
}
