import { deepEqual, equal } from 'node:assert/strict';
import { of } from 'rxjs';
import { suppressed } from '../../model/outcome.ts';
import { type GatewayCheck, refused, watched } from './gateway-bench.ts';

const minute = 60_000;

/** What must not leave, and who may hold it back. */
export const holdingChecks: Readonly<Record<string, GatewayCheck>> = {
  'lets a once key take effect once, whichever plugin asks': async (bench) => {
    const [greeter, other] = ['greeter', 'other'].map((plugin) => bench.gateway.bind(bench.chat(), plugin));
    const asked = [greeter, other, greeter].map((operations) =>
      watched(operations?.sendMessage('Hello', { once: 'greeting' }) ?? of()),
    );
    await bench.time.advance(minute);
    const late = watched(other?.sendMessage('Hello again', { once: 'greeting' }) ?? of());
    await bench.time.advance(minute);
    deepEqual(bench.said, ['Hello']);
    deepEqual(
      [...asked, late].flatMap(({ values }) => values.map(({ kind, reason }) => [kind, reason])),
      [
        ['sent', undefined],
        ['suppressed', 'once'],
        ['suppressed', 'once'],
        ['suppressed', 'once'],
      ],
    );
  },

  'keeps the once keys of chats apart': async (bench) => {
    for (const id of ['one', 'two'] as const)
      watched(bench.gateway.bind(bench.chat(id), 'greeter').sendMessage(id, { once: 'greeting' }));
    await bench.time.advance(minute);
    deepEqual([...bench.said].sort(), ['one', 'two']);
  },

  'frees a once key when the operation was refused': async (bench) => {
    const { sendMessage } = bench.gateway.bind(bench.chat(), 'greeter');
    bench.answers.push(refused);
    watched(sendMessage('Hello', { once: 'greeting' }));
    await bench.time.advance(minute);
    watched(sendMessage('Hello', { once: 'greeting' }));
    await bench.time.advance(minute);
    deepEqual(bench.said, ['Hello', 'Hello']);
  },

  'suppresses what is asked for in a chat that is over': async (bench) => {
    const { sendMessage } = bench.gateway.bind(bench.chat(), 'tested');
    for (const chat of bench.server.chats) chat.change('Completed');
    const asked = watched(sendMessage('Hello'));
    await bench.time.advance(minute);
    deepEqual(bench.said, []);
    deepEqual(
      asked.values.map(({ kind, reason }) => [kind, reason]),
      [['suppressed', 'ended']],
    );
    equal(asked.end, 'completed');
  },

  'suppresses what GWS does not permit now': async (bench) => {
    const asked = watched(bench.gateway.bind(bench.chat(), 'tested').accept());
    await bench.time.advance(minute);
    deepEqual(bench.said, []);
    deepEqual(
      asked.values.map(({ kind, reason }) => [kind, reason]),
      [['suppressed', 'capability']],
    );
  },

  'lets an interceptor change and hold back operations of its chat, until it is taken away': async (
    bench,
  ) => {
    const guard = bench.gateway.intercept(bench.chat(), 'guard', () => (operation, next) => {
      if (operation.name !== 'sendMessage') return next(operation);
      if (operation.text === 'secret') return of(suppressed(operation, 'guarded'));
      return next({ ...operation, text: operation.text.toUpperCase() });
    });
    const [one, two] = (['one', 'two'] as const).map((id) => bench.gateway.bind(bench.chat(id), 'tested'));
    for (const text of ['secret', 'a']) watched(one?.sendMessage(text) ?? of());
    watched(two?.sendMessage('secret') ?? of());
    await bench.time.advance(minute);
    guard.unsubscribe();
    watched(one?.sendMessage('b') ?? of());
    await bench.time.advance(minute);
    deepEqual([...bench.said].sort(), ['A', 'b', 'secret']);
  },

  "lets an interceptor's own operations out while it holds another": async (bench) => {
    const typing = bench.gateway.intercept(bench.chat(), 'typing', ({ sendTyping }) => (operation, next) => {
      watched(sendTyping(true));
      return next(operation);
    });
    watched(bench.gateway.bind(bench.chat(), 'tested').sendMessage('Hello'));
    await bench.time.advance(minute);
    typing.unsubscribe();
    deepEqual(bench.said, ['sendTyping', 'Hello']);
  },
};
