import {
  accept,
  completeConference,
  completeTransfer,
  type ExpectedOperation,
  leaveConsultation,
  marbles,
  on,
  says,
  sendMessage,
  sendTyping,
  startConsultation,
  stopProcessing,
  transfer,
} from 'usher-bots/testing';
import { describe, it } from 'vitest';
import { autoAccept } from '../../plugins/auto-accept.ts';
import { greeter } from '../../plugins/greeter.ts';
import { handOff } from '../../plugins/hand-off.ts';
import { handOver } from '../../plugins/hand-over.ts';
import { typing } from '../../plugins/typing.ts';
import { wrapUp } from '../../plugins/wrap-up.ts';

const states = { c: 'Chatting', l: 'LeftChat', x: 'Completed', r: 'Revoked' } as const;
const present = {
  a: ['agent', 'customer'],
  k: ['agent', 'customer', 'colleague'],
  g: ['agent'],
} as const satisfies Record<string, readonly ('agent' | 'customer' | 'colleague')[]>;
const lines = {
  h: says('customer', 'a human please'),
  o: says('agent', 'Hello'),
  k: says('colleague', 'Cora here'),
};
const to = { agentId: 'cora' };
const fallback = { text: 'Nobody is free.' };
const asking = (options = {}) => handOff({ to, on: ['human'], within: 100, fallback, ...options });
const values: Record<string, ExpectedOperation> = {
  S: startConsultation(to),
  T: completeTransfer(),
  C: completeConference(),
  L: leaveConsultation(),
  f: sendMessage('Nobody is free.'),
};

describe('hand-off', () => {
  it('waits for the colleague when the answer of GWS is lost: the request may have been taken', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        outcomes: { startConsultation: { kind: 'unknown', reason: 'no-reply' } },
        state$: hot('       c-----', states),
        messages$: hot('    -h----', lines),
        participants$: hot('a---k-', present),
      });
      // GWS is asked whether the request had come through, and it had.
      const expected = '    -S 1499ms T';

      expectOperations(asking(), chat).toBe(expected, values);
    }));

  it('leaves the consultation that may have begun when nobody comes', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        outcomes: { startConsultation: { kind: 'unknown', reason: 'no-reply' } },
        state$: hot('       c-----', states),
        messages$: hot('    -h----', lines),
        participants$: hot('a-----', present),
      });
      // Nothing shows that the request came through, so it is made again, five times in all.
      const expected = '    -S 1499ms S 1499ms S 1499ms S 1499ms S 1599ms (Lf)';

      expectOperations(asking(), chat).toBe(expected, values);
    }));

  it('does not fetch the colleague again who is in the conference already', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c------', states),
        messages$: hot('    -h--h--', lines),
        participants$: hot('a--k---', present),
      });
      const expected = '    -S-C---';

      expectOperations(asking({ mode: 'conference' }), chat).toBe(expected, values);
    }));

  it('takes the colleague who joins at once', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c---', states),
        messages$: hot('    -h--', lines),
        participants$: hot('a-k-', present),
      });
      const expected = '    -ST';

      expectOperations(asking(), chat).toBe(expected, values);
    }));

  it('does not mistake an error of another operation, told before it asked, for its own', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c-----', states),
        errors$: hot('      e-----', { e: 'the message was too long' }),
        messages$: hot('    -h----', lines),
        participants$: hot('a---k-', present),
      });
      const expected = '    -S--T-';

      expectOperations(asking(), chat).toBe(expected, values);
    }));

  it('serves two chats at once, each with its own colleague', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({
        id: 'one',
        state$: hot('       c------', states),
        messages$: hot('    -h-----', lines),
        participants$: hot('a----k-', present),
      });
      const two = interaction({
        id: 'two',
        state$: hot('       c------', states),
        messages$: hot('    --h----', lines),
        participants$: hot('a--k---', present),
      });
      const expected = '    -abc-d-';

      expectOperations(asking(), [one, two]).toBe(expected, {
        a: on('one', startConsultation(to)),
        b: on('two', startConsultation(to)),
        c: on('two', completeTransfer()),
        d: on('one', completeTransfer()),
      });
    }));

  it('is silent when the chat ends while the sign is on, and the sign goes with the chat', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   c----x', states),
        messages$: hot('-h----', lines),
      });
      const expected = '-t----';

      const plugins = [asking({ texts: { requested: 'One moment.' } }), typing({ minimum: 10 })];
      expectOperations(plugins, chat).toBe(expected, { t: sendTyping(true) });
    }));
});

describe('hand-over', () => {
  it('does not take what the agent said in an earlier stay for the greeting', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   ---c---', states),
        messages$: hot('-o---o-', lines),
      });
      const expected = '-----t-';

      expectOperations(handOver({ to }), chat).toBe(expected, { t: transfer(to) });
    }));

  it('stays when the chat ends before its delay is over', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('   c---x', states),
        messages$: hot('-o---', lines),
      });
      const expected = '-----';

      expectOperations(handOver({ to, delay: 20 }), chat).toBe(expected);
    }));

  it('hands two chats over, each after its own greeting', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('-c----', states) });
      const two = interaction({ id: 'two', state$: hot('------c', states) });
      const expected = '                                11ms (ab) 1ms (cd)';

      const [G, t] = [sendMessage('Hi'), transfer(to)];
      expectOperations([greeter({ text: 'Hi', delay: 10 }), handOver({ to })], [one, two]).toBe(expected, {
        a: on('one', G),
        b: on('one', t),
        c: on('two', G),
        d: on('two', t),
      });
    }));
});

describe('wrap-up', () => {
  it('tries again when the chat is closed, if GWS refused it before', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        outcomes: { stopProcessing: { kind: 'refused', status: 2 } },
        state$: hot('       c----l-', states),
        participants$: hot('a-g----', present),
      });
      const expected = '    --w--w-';

      expectOperations(wrapUp(), chat).toBe(expected, { w: stopProcessing() });
    }));

  it('finishes once, though the customer leaves and the chat is closed after it', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({
        state$: hot('       c----l-', states),
        participants$: hot('a-g----', present),
      });
      const expected = '    --w----';

      expectOperations(wrapUp(), chat).toBe(expected, { w: stopProcessing() });
    }));

  it('leaves a chat alone that was never taken', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const chat = interaction({ state$: hot('---r--', states) });
      const expected = '                      ------';

      expectOperations(wrapUp(), chat).toBe(expected);
    }));

  it('finishes each of two chats in its own time', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const one = interaction({ id: 'one', state$: hot('c---l-', states) });
      const two = interaction({ id: 'two', state$: hot('c-l---', states) });
      const expected = '                                --b-a-';

      expectOperations(wrapUp(), [one, two]).toBe(expected, {
        a: on('one', stopProcessing()),
        b: on('two', stopProcessing()),
      });
    }));
});

describe('auto-accept', () => {
  it('gives its place back when the invitation is revoked before it was answered', () =>
    marbles(({ hot, interaction, expectOperations }) => {
      const gone = interaction({ id: 'gone', state$: hot('---r', states) });
      const next = interaction({ id: 'next' });
      const expected = '                                  13ms b';

      expectOperations(autoAccept({ capacity: 1, delay: 10 }), [gone, next]).toBe(expected, {
        b: on('next', accept()),
      });
    }));
});
