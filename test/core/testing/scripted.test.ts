import { definePlugin } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { handOver } from 'usher-bots/plugins/hand-over';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { type Fault, faultKinds, type ScriptedKit, scripted } from 'usher-bots/testing';
import 'usher-bots/testing/vitest';
import { describe, expect, it } from 'vitest';

const talk = [
  autoAccept(),
  greeter({ text: 'Hello {FirstName|there}!' }),
  answers({ answers: [{ when: 'card', reply: 'I block it.' }], otherwise: 'Pardon?' }),
];
const bots = [...talk, typing(), wrapUp()];

/** What a script fails with. */
async function failure(story: (kit: ScriptedKit) => Promise<void>, plugins = bots): Promise<string> {
  try {
    await scripted(plugins, story);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return 'none';
}

describe('a scripted test', () => {
  it('tells a chat from its beginning to its end', () =>
    scripted(bots, async ({ customer, bot, after }) => {
      const mia = customer('Mia', { userData: { FirstName: 'Mia' } })
        .joins()
        .says('card blocked');
      await expect(bot).toAccept({ within: 0 });
      await expect(bot).toType();
      await expect(bot).toSay('Hello Mia!', { within: '3s' });
      await expect(bot).toSay('I block it.', { within: '5s' });
      await after('5s');
      mia.says('And now?');
      await expect(bot).toSay(/pardon/i);
      await expect(bot).toStaySilent('1m');
      mia.leaves();
      await expect(bot).toLeave();
    }));

  it('lets handlers be promises, and time pass in them', () =>
    scripted(
      [
        autoAccept(),
        definePlugin({
          name: 'async',
          message:
            () =>
            async (message, { operations }) => {
              await Promise.resolve();
              return operations.sendMessage(`You said: ${message.text}`);
            },
        })(),
        definePlugin({
          name: 'generator',
          message: () =>
            async function* (_message, { operations }) {
              await Promise.resolve();
              yield operations;
            },
        })(),
      ],
      async ({ customer, bot }) => {
        customer('Mia').joins().says('Hi');
        await expect(bot).toAccept();
        await expect(bot).not.toSay(undefined, { within: '1s' });
      },
    ));

  it('keeps several customers apart', () =>
    scripted(talk, async ({ customer, bot }) => {
      const mia = customer('Mia', { userData: { FirstName: 'Mia' } }).joins();
      const jonas = customer('Jonas').joins();
      await expect(bot.with(mia)).toSay('Hello Mia!');
      jonas.says('My card!');
      await expect(bot.with(jonas)).toSay('Hello there!');
      await expect(bot).toSay('I block it.');
      await expect(bot.with(mia)).toStaySilent('10s');
    }));

  it('tells what was said before the agent came as history', () =>
    scripted(talk, async ({ customer, bot }) => {
      customer('Mia').joins({ saying: ['card', 'card!'] });
      await expect(bot).toSay('Hello there!');
      await expect(bot).toStaySilent('10s');
    }));

  it('brings colleagues in', () =>
    scripted(
      [
        autoAccept(),
        handOff({ to: { agentId: 'cora' }, on: ['human'], fallback: { text: 'Nobody is free.' } }),
      ],
      async ({ customer, colleague, bot, after }) => {
        const mia = customer('Mia').joins().says('A human, please');
        await expect(bot).toConsult({ agentId: 'cora' });
        colleague('Cora').refuses();
        await expect(bot).toSay('Nobody is free.');
        mia.says('A human!');
        await expect(bot).toConsult();
        await after('2s');
        colleague('Cora').accepts();
        await expect(bot).toTransferTo();
        await expect(bot).toStaySilent('1m');
      },
    ));

  it('transfers, rejects, and does anything else by name', () =>
    scripted(
      [
        autoAccept({ rules: [{ when: { userData: { Vip: 'no' } }, do: 'reject' }] }),
        greeter({ text: 'Hello' }),
        handOver({ to: { skill: 'Cards' } }),
      ],
      async ({ customer, bot }) => {
        customer('Jonas', { userData: { Vip: 'no' } }).joins();
        await expect(bot).toReject();
        customer('Mia').joins();
        await expect(bot).toDo('sendMessage', { text: 'Hello' });
        await expect(bot).toTransferTo({ skill: 'Cards' });
      },
    ));

  it('shows the bots a chat that is taken away', () =>
    scripted([greeter({ text: 'Hello' })], async ({ customer, bot }) => {
      customer('Mia').joins().isTakenAway();
      await expect(bot).toStaySilent('1m');
    }));

  it('begins at a time of day', () =>
    scripted(
      definePlugin({
        name: 'clock',
        bot:
          () =>
          (_interaction, { operations, clock }) =>
            operations.accept({ nickname: new Date(clock.now()).toISOString() }),
      })(),
      async ({ customer, bot, after }) => {
        await after('30m');
        customer('Mia').joins();
        await expect(bot).toDo('accept', { nickname: '2026-12-24T18:30:00.000Z' });
      },
      { at: new Date('2026-12-24T18:00:00Z') },
    ));
});

describe('under a fault', () => {
  const harmless = Object.keys(faultKinds).filter(
    (fault) => fault !== 'refused' && fault !== 'offline',
  ) as Fault[];

  it.each(harmless)('of the kind %s, bots say everything once, in order', (fault) =>
    scripted(talk, async ({ customer, bot, faults, after }) => {
      const mia = customer('Mia').joins();
      await expect(bot).toAccept();
      await after('1s');
      faults.begin(fault);
      mia.says('My card!', 'My name?');
      await after('1s');
      faults.end();
      await expect(bot).toSay('Hello there!');
      await expect(bot).toSay('I block it.', { within: '20s' });
      await expect(bot).toSay('Pardon?', { within: '20s' });
      await expect(bot).toStaySilent('1m');
    }),
  );

  it('a lost connection is caught up with', () =>
    scripted(talk, async ({ customer, bot, faults, after }) => {
      const mia = customer('Mia').joins();
      await expect(bot).toSay('Hello there!');
      faults.begin('offline');
      mia.says('My card!');
      await expect(bot).toStaySilent('1m');
      faults.end('offline');
      await expect(bot).toSay('I block it.');
      await after('1m');
      await expect(bot).toStaySilent('1m');
    }));

  it('a refusal is told of, and the next line answered', () =>
    scripted(talk, async ({ customer, bot, faults, after }) => {
      const mia = customer('Mia').joins();
      await expect(bot).toSay('Hello there!');
      faults.begin('refused');
      mia.says('My card!');
      await expect(bot).toSay('I block it.');
      await after('1s');
      faults.end('refused');
      mia.says('Hm?');
      await expect(bot).toSay('Pardon?');
    }));
});

describe('a failure', () => {
  it('shows what happened instead', async () => {
    const message = await failure(async ({ customer, bot }) => {
      customer('Mia').joins().says('card');
      await expect(bot).toSay('Hello!');
    });
    expect(message).toMatchInlineSnapshot(`
      "the bots were expected to say "Hello!"; instead: "Hello there!"

          0.000  Mia  joins
          0.000  Ada  accepts  [auto-accept]
          0.000  Ada  types …  [typing]
          0.000  Mia  "card"
          0.500  Ada  stops typing  [typing]
          0.500  Ada  "Hello there!"  [greeter]
          0.500  Ada  types …  [typing]"
    `);
  });

  it.each<[string, (kit: ScriptedKit) => Promise<void>, string]>([
    [
      'of patience',
      async ({ bot }) => expect(bot).toTransferTo({ skill: 'Cards' }, { within: '3s' }),
      'expected to transfer the chat to {"skill":"Cards"} within 3s, and did not',
    ],
    ['of silence', async ({ bot }) => expect(bot).toStaySilent('1m'), 'stay silent for 1m, and did not'],
    [
      'of what should not be',
      async ({ bot }) => expect(bot).not.toSay('Hello there!'),
      'expected to say "Hello there!", and did',
    ],
  ])('%s is told', async (_of, story, text) => {
    const message = await failure(async (kit) => {
      kit.customer('Mia').joins();
      await expect(kit.bot).toAccept();
      await story(kit);
    });
    expect(message).toContain(text);
  });

  it('of a plugin is told with its code', async () => {
    const broken = definePlugin({
      name: 'broken',
      bot: () => () => {
        throw new Error('out of paper');
      },
    })();
    const message = await failure(async ({ customer }) => void customer('Mia').joins(), [broken]);
    expect(message).toContain('USHER_PLUGIN_FAILED: plugin broken failed: out of paper');
  });

  it.each<[(kit: ScriptedKit) => void, string]>([
    [({ customer }) => customer('Mia').says('Hi'), 'Mia has not joined yet: call joins() first'],
    [({ customer }) => customer('Mia').joins().joins(), 'Mia is in the chat already'],
    [({ colleague }) => colleague().accepts(), "nobody is in a chat yet: customer('Mia').joins()"],
    [({ faults }) => faults.begin('flood' as Fault), 'flood is none of duplicate, reorder'],
    [
      ({ expectProblems }) => expectProblems('USHER_PLUGIN_FLOODS'),
      'expected problems did not occur: USHER_PLUGIN_FLOODS',
    ],
  ])('of the script itself says what to do (%#)', async (story, text) => {
    expect(await failure(async (kit) => story(kit))).toContain(text);
  });
});
