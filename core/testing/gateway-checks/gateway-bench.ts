import { defer, type Observable, of, tap } from 'rxjs';
import { gws850 } from '../../dialects/gws-8.5.0.ts';
import type { Operation } from '../../model/operation.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Interaction, OperationsGateway } from '../../ports.ts';
import { Interactions } from '../../streams/interactions.ts';
import { takeEffect } from '../server/effects.ts';
import { testAgent } from '../server/people.ts';
import { ScriptedServer } from '../server/scripted-server.ts';
import { VirtualTime } from '../virtual-time.ts';

/** What a gateway is made of in the checks. */
export interface GatewayGround {
  /** The end of the wire: sends one operation once, and tells what came of it. It never fails. */
  readonly send: (operation: Operation) => Observable<Outcome>;
  /** The open interactions; `undefined` for one that is not known, or over. */
  readonly find: (interactionId: string) => Interaction | undefined;
}

export type MakeGateway = (ground: GatewayGround) => OperationsGateway;

/** A gateway, two chats in conversation, and a list of what has left. */
class GatewayBench {
  readonly time: VirtualTime;
  readonly gateway: OperationsGateway;
  readonly left: Operation[] = [];
  /** How the next operations end. Default: the server takes them. */
  readonly answers: ((operation: Operation) => Observable<Outcome>)[] = [];
  readonly server = new ScriptedServer(gws850().capabilities);
  readonly #interactions = new Interactions(testAgent, () => undefined);

  constructor(time: VirtualTime, make: MakeGateway) {
    this.time = time;
    this.server.connect((notification) => this.#interactions.apply(notification));
    for (const id of ['one', 'two']) {
      const chat = this.server.open({ id, effect: takeEffect });
      chat.invite();
      chat.change('Chatting', [chat.customer]);
    }
    this.gateway = make({
      send: (operation) => this.#send(operation),
      find: (id) => this.#interactions.get(id),
    });
  }

  chat(id: 'one' | 'two' = 'one'): Interaction {
    const interaction = this.#interactions.get(id);
    if (interaction === undefined) throw new Error(`chat ${id} is over`);
    return interaction;
  }

  /** The texts that have left. */
  get said(): readonly string[] {
    return this.left.map((operation) => ('text' in operation ? operation.text : operation.name));
  }

  #send(operation: Operation): Observable<Outcome> {
    return defer(() => {
      this.left.push(operation);
      const answer = this.answers.shift();
      return answer === undefined ? this.server.take(operation) : answer(operation);
    });
  }
}

export type GatewayCheck = (bench: GatewayBench) => Promise<void>;

export function onBench(make: MakeGateway, check: GatewayCheck): Promise<void> {
  return VirtualTime.run((time) => check(new GatewayBench(time, make)));
}

/** What comes of a stream: its values, and how it ended. */
export interface Watched<Value> {
  readonly values: readonly Value[];
  readonly end: 'completed' | 'failed' | undefined;
  unsubscribe(): void;
}

export function watched<Value>(stream$: Observable<Value>): Watched<Value> {
  const values: Value[] = [];
  let end: Watched<Value>['end'];
  const subscription = stream$.pipe(tap((value) => values.push(value))).subscribe({
    complete: () => {
      end = 'completed';
    },
    error: () => {
      end = 'failed';
    },
  });
  return {
    values,
    get end() {
      return end;
    },
    unsubscribe: () => subscription.unsubscribe(),
  };
}

export const refused = (operation: Operation): Observable<Outcome> =>
  of({ operation, kind: 'refused', reason: 'status', status: 1, attempts: 1 });
