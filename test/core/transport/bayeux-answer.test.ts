import type { Message } from 'cometd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../core/transport/bayeux-answer.ts';

const poll: Message = { id: '7', channel: '/meta/connect', clientId: 'c1' };
const subscribing = (subscription: string, id: string): Message => ({
  id,
  channel: '/meta/subscribe',
  subscription: subscription as unknown as string[],
});
const event = { channel: '/v2/me/interactions', data: { n: 1 } };
const read = (answer: unknown, sent: readonly Message[] = [poll]) => readAnswer(JSON.stringify(answer), sent);

describe('the answer of a server', () => {
  it('is its messages, in order', () => {
    const reply = { id: '7', channel: '/meta/connect', successful: true };
    expect(read([event, reply, event])).toEqual([event, reply, event]);
  });

  it.each(['', 'no', '[', '{"channel":"/meta/connect"}', '"text"', '7', 'null'])('%j is none', (text) => {
    expect(readAnswer(text, [poll])).toBeUndefined();
  });

  it('has lost what is no message', () => {
    expect(read([null, 7, 'x', [], {}, { channel: 5 }, event], [])).toEqual([event]);
  });

  it('has a failed reply where there is none', () => {
    expect(read([event])).toEqual([
      event,
      { ...poll, successful: false, failure: { reason: 'the server gave no reply to it' } },
    ]);
  });

  it('has the id of the request where the reply has none', () => {
    expect(read([{ channel: '/meta/connect', successful: true }])).toEqual([
      { id: '7', channel: '/meta/connect', successful: true },
    ]);
  });

  it('has one reply for each of several requests', () => {
    const sent = [subscribing('/a', '1'), subscribing('/b', '2'), subscribing('/c', '3')];
    const replies = [
      { channel: '/meta/subscribe', subscription: '/b', successful: true },
      { channel: '/meta/subscribe', subscription: ['/a'], successful: false },
    ];
    expect(read(replies, sent)).toMatchObject([
      { id: '2', subscription: '/b', successful: true },
      { id: '1', subscription: '/a', successful: false },
      { id: '3', subscription: '/c', successful: false, failure: {} },
    ]);
  });

  it.each([
    [true, true],
    ['true', true],
    ['false', false],
    [1, false],
    [undefined, false],
  ])('with the success %j is taken as %j', (successful, expected) => {
    expect(read([{ id: '7', channel: '/meta/connect', successful }])).toMatchObject([
      { successful: expected },
    ]);
  });

  it('names a transport where the server names none', () => {
    const sent = { id: '1', channel: '/meta/handshake' };
    const reply = { id: '1', channel: '/meta/handshake', successful: true };
    expect(read([reply], [sent])).toMatchObject([{ supportedConnectionTypes: ['long-polling'] }]);
    expect(read([{ ...reply, supportedConnectionTypes: ['websocket'] }], [sent])).toMatchObject([
      { supportedConnectionTypes: ['websocket'] },
    ]);
  });

  it('may be anything: each request has one reply, and nothing is thrown', () => {
    const members = fc.record(
      {
        id: fc.constantFrom('7', '8', 7, null),
        channel: fc.constantFrom('/meta/connect', '/meta/subscribe', '/x', 5, null),
        successful: fc.jsonValue(),
        subscription: fc.jsonValue(),
        advice: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(members, fc.jsonValue())), (answer) => {
        const messages = read(answer) ?? expect.unreachable('an array is an answer');
        const replies = messages.filter(({ channel, id }) => channel === '/meta/connect' && id === '7');
        expect(replies.length).toBeGreaterThan(0);
        for (const { channel } of messages) expect(channel).toBeTypeOf('string');
      }),
    );
  });
});
