import { concatMap, EMPTY, filter, interval, map, merge, mergeMap, NEVER, take, tap } from 'rxjs';
import { type BotFunction, customerMessages, definePlugin, type Plugin, whenState } from 'usher-bots';
import { pluginContract } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';

const plugin = (bot: BotFunction): Plugin => definePlugin({ name: 'tested', bot: () => bot })();

/** Which promises a plugin breaks, and what is said of each. */
async function broken(tested: Plugin): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { promise, check } of pluginContract(tested)) {
    try {
      await check();
    } catch (thrown) {
      found[promise] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n\n')[0] ?? '';
    }
  }
  return found;
}

const sound = plugin((interaction, { operations }) =>
  merge(
    whenState(interaction, 'Chatting').pipe(
      concatMap(() => (interaction.resumed ? EMPTY : operations.sendMessage('Hello', { once: 'greeting' }))),
    ),
    customerMessages(interaction).pipe(
      concatMap(({ text, index }) => operations.sendMessage(`re: ${text}`, { once: `re:${index}` })),
    ),
  ),
);

const typesOn = plugin((interaction, { operations }) =>
  customerMessages(interaction).pipe(concatMap(() => operations.sendTyping(true))),
);

/** As if participants were only told of once. */
const greetsTwice = plugin((interaction, { operations }) =>
  interaction.participants$.pipe(
    filter((participants) => participants.length > 1),
    concatMap(() => operations.sendMessage('Hello')),
  ),
);

const greetsAgain = plugin((interaction, { operations }) =>
  whenState(interaction, 'Chatting').pipe(concatMap(() => operations.sendMessage('Hello'))),
);

const answersHistory = plugin((interaction, { operations }) =>
  customerMessages(interaction, { history: true }).pipe(
    concatMap(({ text }) => operations.sendMessage(`re: ${text}`)),
  ),
);

const leaks = plugin(() => {
  interval(1_000).subscribe();
  return NEVER;
});

const speaksEarly = plugin((interaction, { operations }) =>
  whenState(interaction, 'Invited').pipe(concatMap(() => operations.sendMessage('Hello'))),
);

const readsTheWire = plugin((interaction, { operations }) =>
  interaction.notifications$.pipe(
    filter((notification) => notification.kind === 'transcript'),
    mergeMap(({ lines }) => lines),
    filter(({ from, type }) => type === 'Text' && from.type === 'Customer'),
    concatMap(({ text }) => operations.sendMessage(`re: ${text}`)),
  ),
);

const talksOver = plugin((interaction, { operations }) =>
  customerMessages(interaction).pipe(concatMap(({ text }) => operations.sendMessage(`re: ${text}`))),
);

const mixesUp = (() => {
  let count = 0;
  return definePlugin({
    name: 'tested',
    bot:
      () =>
      (interaction, { operations }) =>
        customerMessages(interaction).pipe(
          map(() => {
            count += 1;
            return count % 5;
          }),
          concatMap((at) => operations.sendMessage(`${at}`)),
        ),
  })();
})();

/** Says good-bye in a subscription that nobody ends. */
const saysGoodbye = plugin((interaction, { operations }) => {
  interaction.ended$.pipe(mergeMap(() => operations.sendMessage('Good-bye'))).subscribe();
  return interaction.messages$.pipe(
    take(1),
    tap(() => undefined),
  );
});

describe('the contract of plugins', () => {
  it('is kept by one that does nothing wrong, but for talking over a colleague', async () => {
    expect(await broken(sound)).toEqual({
      'says nothing once a colleague has the word': 'it said "re: Hello" after a colleague had taken over',
    });
  });

  it.each<[string, Plugin, string, string]>([
    [
      'leaves the sign of typing on',
      typesOn,
      'leaves no sign of typing on',
      'a minute later, the customer still sees that somebody is typing',
    ],
    [
      'greets twice',
      greetsTwice,
      'does nothing twice when the server tells everything again',
      'when the server tells everything again, it did\n  sendMessage {"text":"Hello"}\n  sendMessage {"text":"Hello"}',
    ],
    [
      'greets again after a restart',
      greetsAgain,
      'does nothing again in a process that takes the chat over',
      'in a process that took the chat over, it did\n  sendMessage {"text":"Hello"}\n  sendMessage {"text":"Hello"}',
    ],
    [
      'answers history',
      answersHistory,
      'answers nothing that was said before the agent came',
      'it answered history: sendMessage {"text":"re: Hello"}; sendMessage {"text":"re: I have a question"}',
    ],
    [
      'leaks',
      leaks,
      'stops every timer when the chat is over',
      '1 timers are running a minute after the chat was over',
    ],
    [
      'speaks too early',
      speaksEarly,
      'says nothing before the agent is in the chat',
      'it asked for sendMessage while the chat was only offered',
    ],
    [
      'reads notifications as they come',
      readsTheWire,
      'does the same when notifications come twice',
      'under the fault duplicate it did\n  sendMessage {"text":"re: Hello"}\n  sendMessage {"text":"re: Hello"}',
    ],
    [
      'talks over a colleague',
      talksOver,
      'says nothing once a colleague has the word',
      'it said "re: Hello" after a colleague had taken over',
    ],
    [
      'mixes chats up',
      mixesUp,
      'keeps two chats apart',
      'beside another chat, for Mia, it did\n  sendMessage',
    ],
    [
      'speaks in a chat that is over',
      saysGoodbye,
      'says nothing once the chat is over',
      'it said "Good-bye" in a chat that was over',
    ],
  ])('names a plugin that %s', async (_what, tested, promise, message) => {
    const found = await broken(tested);
    expect(Object.keys(found)).toContain(promise);
    expect(found[promise]).toContain(message);
  });

  it('may be narrowed, with a reason', () => {
    const except = { 'says nothing once a colleague has the word': 'it sums up what colleagues say' };
    expect(pluginContract(sound).length - pluginContract(sound, { except }).length).toBe(1);
    expect(() => pluginContract(sound, { except: { 'is nice': '' } })).toThrow(
      'except: is nice is no promise; they are: says nothing before the agent is in the chat; ',
    );
  });
});
