import { deepEqual, equal } from 'node:assert/strict';
import { delay, of } from 'rxjs';
import { type GatewayCheck, refused, watched } from './gateway-bench.ts';

const second = 1_000;

/** What becomes of an operation, and in which order. */
export const sendingChecks: Readonly<Record<string, GatewayCheck>> = {
  'sends nothing before it is subscribed': async (bench) => {
    bench.gateway.bind(bench.chat(), 'tested').sendMessage('Hello');
    await bench.time.advance(second);
    deepEqual(bench.said, []);
  },

  'gives one outcome to each subscription, and completes': async (bench) => {
    const hello$ = bench.gateway.bind(bench.chat(), 'tested').sendMessage('Hello');
    const [one, two] = [watched(hello$), watched(hello$)];
    await bench.time.advance(5 * second);
    for (const { values, end } of [one, two]) {
      deepEqual(
        values.map(({ kind }) => kind),
        ['sent'],
      );
      equal(end, 'completed');
    }
    deepEqual(bench.said, ['Hello', 'Hello']);
  },

  'names the interaction and the plugin with every operation': async (bench) => {
    watched(bench.gateway.bind(bench.chat('two'), 'tested').sendMessage('Hello'));
    await bench.time.advance(second);
    const [{ interactionId, plugin } = {}] = bench.left;
    deepEqual({ interactionId, plugin }, { interactionId: 'two', plugin: 'tested' });
  },

  'takes the operations of a chat one after the other, in the order they were asked for': async (bench) => {
    const { sendMessage } = bench.gateway.bind(bench.chat(), 'tested');
    bench.answers.push((operation) =>
      of({ operation, kind: 'sent' as const, attempts: 1 }).pipe(delay(second)),
    );
    for (const text of ['a', 'b', 'c']) watched(sendMessage(text));
    await bench.time.advance(second / 2);
    deepEqual(bench.said, ['a']);
    await bench.time.advance(60 * second);
    deepEqual([...new Set(bench.said)], ['a', 'b', 'c']);
  },

  'lets no chat wait for another': async (bench) => {
    bench.answers.push((operation) =>
      of({ operation, kind: 'sent' as const, attempts: 1 }).pipe(delay(second)),
    );
    watched(bench.gateway.bind(bench.chat('one'), 'tested').sendMessage('slow'));
    await bench.time.settle();
    watched(bench.gateway.bind(bench.chat('two'), 'tested').sendMessage('quick'));
    await bench.time.advance(second / 2);
    deepEqual(bench.said, ['slow', 'quick']);
  },

  'drops what is unsubscribed before it has left': async (bench) => {
    const { sendMessage } = bench.gateway.bind(bench.chat(), 'tested');
    bench.answers.push((operation) =>
      of({ operation, kind: 'refused' as const, attempts: 1 }).pipe(delay(second)),
    );
    watched(sendMessage('first'));
    const waiting = watched(sendMessage('withdrawn'));
    await bench.time.settle();
    waiting.unsubscribe();
    watched(sendMessage('last'));
    await bench.time.advance(60 * second);
    deepEqual(bench.said, ['first', 'last']);
  },

  'goes on after an operation that was refused': async (bench) => {
    const { sendMessage } = bench.gateway.bind(bench.chat(), 'tested');
    bench.answers.push(refused);
    const [one, two] = [watched(sendMessage('refused')), watched(sendMessage('taken'))];
    await bench.time.advance(60 * second);
    deepEqual(
      [...one.values, ...two.values].map(({ kind }) => kind),
      ['refused', 'sent'],
    );
  },
};
