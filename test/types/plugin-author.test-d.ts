// What an author may write, and what must not compile. Each line below an `@ts-expect-error` is a fault.
import { of } from 'rxjs';
import {
  type Bot,
  customerMessages,
  defineBot,
  defineConfig,
  definePlugin,
  defineService,
  type Operations,
  OperationsGateway,
  type Outcome,
  whenState,
} from 'usher-bots';
import { marbles, scripted, sendMessage } from 'usher-bots/testing';
import { z } from 'zod';

abstract class Directory {
  abstract lookUp(name: string): Promise<string>;
}

export const greeting = definePlugin({
  name: 'greeting',
  options: z.object({ text: z.string(), times: z.number().default(1) }),
  inject: [Directory, OperationsGateway],
  bot: ({ text, times }, directory, gateway) => {
    text satisfies string;
    times satisfies number;
    directory.lookUp(text) satisfies Promise<string>;
    gateway satisfies OperationsGateway;
    // @ts-expect-error: not an option
    ({}) satisfies { nothing: typeof times };
    // @ts-expect-error: the directory has no such method
    directory.find(text);
    return (interaction, { operations, signal, clock }) => {
      signal satisfies AbortSignal;
      clock.now() satisfies number;
      // @ts-expect-error: a message is a text
      operations.sendMessage(42);
      // @ts-expect-error: a transfer goes to somebody
      operations.transfer();
      // @ts-expect-error: to an agent, a skill or a queue
      operations.transfer({ colleague: 'cora' });
      // @ts-expect-error: the state is called Chatting
      whenState(interaction, 'Talking');
      // @ts-expect-error: the gateway belongs to the session: an operation on a chat goes through the context
      gateway.sendMessage(text);
      return customerMessages(interaction);
    };
  },
});

greeting({ text: 'Hello' });
greeting({ text: 'Hello', times: 2 });
// @ts-expect-error: the text is missing
greeting();
// @ts-expect-error: the text is missing
greeting({ times: 2 });
// @ts-expect-error: the number of times is a number
greeting({ text: 'Hello', times: 'twice' });

export const optional = definePlugin({
  name: 'optional',
  options: z.object({ text: z.string().default('Hello') }),
  message:
    ({ text }) =>
    (message, { operations, lines }) => {
      message.text satisfies string;
      message.history satisfies boolean;
      lines satisfies readonly (typeof message)[];
      // @ts-expect-error: a line has no number of a customer
      message.customerId satisfies string;
      return operations.sendMessage(text);
    },
});
optional();
optional({});

// @ts-expect-error: a plugin has a name
definePlugin({ bot: () => () => of(1) });
// @ts-expect-error: a bot function returns a stream, a promise or a generator
definePlugin({ name: 'empty', bot: () => () => undefined });
// @ts-expect-error: there is no such lane
definePlugin({ name: 'lane', lane: 'fast', message: () => () => of(1) });
// @ts-expect-error: what stands on the way of operations answers with outcomes
definePlugin({ name: 'guard', operation: () => () => of('done') });
definePlugin({ name: 'guard', operation: () => (operation, next) => next(operation) });

// @ts-expect-error: a plugin is called before it is listed
export const uncalled: Bot = defineBot({ name: 'uncalled', plugins: [optional] });
export const bot = defineBot({ name: 'bot', plugins: [optional(), false, undefined] });

// @ts-expect-error: an agent has bots
defineConfig({ agents: [{ username: 'ada' }] });
// @ts-expect-error: the field is called `username`
defineConfig({ agents: [{ name: 'ada', bots: [bot] }] });
defineConfig(({ env }) => ({ agents: [{ username: env['ADA'], bots: [bot] }] }));

defineService({ token: Directory, create: () => ({ lookUp: async (name) => name.toUpperCase() }) });
// @ts-expect-error: what is created is no Directory
defineService({ token: Directory, create: () => ({ find: () => '' }) });

export function outcomes(operations: Operations): void {
  operations.sendMessage('Hello').subscribe((outcome) => {
    outcome satisfies Outcome;
    // @ts-expect-error: outcomes have a kind, and it is none of this
    if (outcome.kind === 'delivered') return;
    if (outcome.operation.name === 'sendMessage') outcome.operation.text satisfies string;
  });
}

export const tests = [
  marbles(({ hot, interaction, expectOperations }) => {
    // @ts-expect-error: nobody is ever in state Waiting
    interaction({ state$: hot('w', { w: 'Waiting' }) });
    const chat = interaction({ state$: hot('c', { c: 'Chatting' as const }) });
    // @ts-expect-error: a text is missing
    expectOperations(optional(), chat).toBe('a', { a: sendMessage() });
    // @ts-expect-error: a plugin is called before it is run
    expectOperations(optional, chat);
  }),
  scripted(optional(), async ({ customer, after, faults }) => {
    customer('Mia').joins().says('Hi');
    // @ts-expect-error: a time has a unit
    await after('5 minutes');
    // @ts-expect-error: there is no such fault
    faults.begin('earthquake');
  }),
];
