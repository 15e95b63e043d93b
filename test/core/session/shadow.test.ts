import { concat, concatMap, NEVER, throwError, timer } from 'rxjs';
import {
  type Bot,
  customerMessages,
  defineBot,
  definePlugin,
  type JournalEntry,
  type Plugin,
} from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Scene, type SceneOptions } from '../../../core/testing/scene/scene.ts';

const quick = typing({ charactersPerSecond: 1_000, minimum: 20, maximum: 20 });
const live: readonly Plugin[] = [
  autoAccept({ delay: 100 }),
  greeter({ text: 'Hello!', delay: 100 }),
  answers({ answers: [{ when: 'farewell', reply: 'Bye.' }], otherwise: 'I heard you.' }),
  quick,
  wrapUp({ delay: 100 }),
];

const candidate = (...plugins: readonly Plugin[]): Bot => defineBot({ name: 'candidate', plugins });

/** What a candidate with these plugins says of what the customer says. */
const careful = candidate(
  autoAccept(),
  greeter({ text: 'Good day!' }),
  answers({ answers: [{ when: 'farewell', reply: 'Take care.' }], otherwise: 'I heard you.' }),
  quick,
);

interface Played {
  readonly entries: readonly JournalEntry[];
  /** What has left, in order. */
  readonly left: readonly string[];
}

async function play(
  options: SceneOptions,
  story: (scene: Scene) => Promise<void>,
  plugins: readonly Plugin[] = live,
): Promise<Played> {
  let played: Played = { entries: [], left: [] };
  await VirtualTime.run(async (time) => {
    const scene = new Scene(time, plugins, options);
    await story(scene);
    await scene.stage.close();
    const left = scene.deeds.map(({ at, operation }) => `${at} ${JSON.stringify(operation)}`);
    played = { entries: scene.stage.entries, left };
  });
  return played;
}

async function talk(scene: Scene): Promise<void> {
  const mia = scene.customer('Mia').joins();
  await scene.after('2s');
  mia.says('How are you?');
  await scene.after('2s');
  mia.says('farewell');
  await scene.after('2s');
  mia.leaves();
  await scene.after('2s');
}

const wouldHave = (entries: readonly JournalEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'would-have' ? [entry] : []));
const wouldSay = (entries: readonly JournalEntry[]): string[] =>
  wouldHave(entries).flatMap(({ operation, withheld }) =>
    operation.name === 'sendMessage' && withheld === undefined ? [operation.text] : [],
  );
const ofShadows: ReadonlySet<string> = new Set(['would-have', 'shadow-began']);
const others = (entries: readonly JournalEntry[]): JournalEntry[] =>
  entries.filter(({ kind }) => !ofShadows.has(kind));

/** Breaks in every way that a plugin can break. */
const breakers: Readonly<Record<string, () => Plugin>> = {
  'throws as it begins': () =>
    definePlugin({
      name: 'bad',
      bot: () => () => {
        throw new Error('broken');
      },
    })(),
  'fails at once': () =>
    definePlugin({ name: 'bad', bot: () => () => throwError(() => new Error('broken')) })(),
  'throws at each line': () =>
    definePlugin({
      name: 'bad',
      message: () => () => {
        throw new Error('broken');
      },
    })(),
  'hangs on a line': () => definePlugin({ name: 'bad', message: () => () => new Promise(() => undefined) })(),
  floods: () =>
    definePlugin({
      name: 'bad',
      bot:
        () =>
        (interaction, { operations }) => {
          customerMessages(interaction).subscribe(() => {
            for (let nth = 0; nth < 500; nth += 1) operations.sendMessage(`${nth}`).subscribe();
          });
          return NEVER;
        },
    })(),
  'breaks on every operation': () =>
    definePlugin({
      name: 'bad',
      operation: () => () => {
        throw new Error('broken');
      },
    })(),
};

describe('a shadow', () => {
  it('sees the same chat, and what it would have done is written down', async () => {
    const { entries, left } = await play({ shadows: [careful] }, talk);
    expect(wouldSay(entries)).toEqual(['Good day!', 'I heard you.', 'Take care.']);
    expect(wouldHave(entries).map(({ bot }) => bot)).toEqual(wouldHave(entries).map(() => 'candidate'));
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'shadow-began', interactionId: 'Mia', bot: 'candidate' }),
    );
    expect(left.join('\n')).not.toMatch(/Good day|Take care/);
  });

  it.each([
    ['a careful candidate', careful],
    ...Object.entries(breakers).map(
      ([what, make]) => [`a candidate that ${what}`, candidate(autoAccept(), make())] as const,
    ),
  ] as const)('changes nothing of what the live bot does, beside %s', async (_what, shadow) => {
    const alone = await play({}, talk);
    const beside = await play({ shadows: [shadow] }, talk);
    expect(beside.left).toEqual(alone.left);
    const withoutTroubles = others(beside.entries).filter(
      (entry) => !('plugin' in entry && `${entry.plugin}`.startsWith('candidate/')),
    );
    expect(JSON.stringify(withoutTroubles)).toBe(JSON.stringify(alone.entries));
  });

  it.each(Object.entries(breakers))('that %s has its troubles told in its name', async (what, make) => {
    const { entries } = await play({ shadows: [candidate(autoAccept(), make())] }, async (scene) => {
      await talk(scene);
      await scene.after('120s');
    });
    const troubles = entries.flatMap((entry) => (entry.kind === 'problem' ? [entry] : []));
    // One that hangs until the end of the chat is cut off by it.
    if (what !== 'hangs on a line') expect(troubles.length).toBeGreaterThan(0);
    for (const trouble of troubles) {
      expect(trouble.message).toMatch(/^shadow candidate: /);
      expect(trouble.plugin).toMatch(/^candidate\//);
    }
  });

  it('that cannot be made is told, and missing', async () => {
    const bad = definePlugin({
      name: 'bad',
      bot: () => {
        throw new Error('no brain');
      },
    });
    const { entries, left } = await play(
      { shadows: [candidate(bad()), { ...careful, name: 'other' }] },
      talk,
    );
    expect(entries[0]).toMatchObject({
      kind: 'problem',
      code: 'USHER_PLUGIN_FAILED',
      message: 'shadow candidate: plugin bad cannot be created: no brain',
    });
    expect(wouldSay(entries)).toHaveLength(3);
    expect(left.length).toBeGreaterThan(3);
  });

  it('keeps state, once keys and timers of its own', async () => {
    const counter = definePlugin({
      name: 'counter',
      state: z.object({ lines: z.number().default(0) }),
      message:
        () =>
        (_line, { state, operations }) => {
          state.patch({ lines: state.value.lines + 1 });
          return operations.sendMessage(`line ${state.value.lines}`);
        },
    });
    const plugins = [autoAccept({ delay: 100 }), greeter({ text: 'Hello!', delay: 100 }), counter()];
    const { entries, left } = await play(
      {
        shadows: [
          candidate(greeter({ text: 'Hello!' }), counter()),
          { ...candidate(counter()), name: 'third' },
        ],
      },
      talk,
      plugins,
    );
    const says = (bot: string): string[] =>
      wouldSay(entries.filter((entry) => 'bot' in entry && entry.bot === bot));
    expect(says('candidate')).toEqual(['Hello!', 'line 1', 'line 2']);
    expect(says('third')).toEqual(['line 1', 'line 2']);
    const said = left.filter((text) => text.includes('sendMessage'));
    expect(said).toHaveLength(3);
  });

  it('leaves nothing of itself with the chat’s document', async () => {
    const marks = definePlugin({
      name: 'marks',
      state: z.object({ is: z.string().default('new') }),
      bot:
        () =>
        (_interaction, { state, timer }) => {
          state.set({ is: 'marked' });
          return timer('later', 60_000);
        },
    });
    await VirtualTime.run(async (time) => {
      const scene = new Scene(time, live, { shadows: [candidate(marks(), greeter({ text: 'Good day!' }))] });
      scene.customer('Mia').joins();
      await scene.after('2s');
      expect(scene.stage.stored).toHaveLength(1);
      expect(JSON.stringify(scene.stage.stored)).not.toMatch(/marks|later/);
      await scene.stage.close();
    });
  });

  it('is held back as it would be: once, by capability, by its own plugins and by the dialect', async () => {
    const asks = definePlugin({
      name: 'asks',
      bot:
        () =>
        (_interaction, { operations }) => {
          operations.sendMessage('too early').subscribe();
          operations.accept({ once: 'accept' }).subscribe();
          operations.accept({ once: 'accept' }).subscribe();
          return NEVER;
        },
    });
    const url = definePlugin({
      name: 'url',
      message:
        () =>
        (_line, { operations }) =>
          operations.sendUrl('https://example.com'),
    });
    const { entries } = await play({ shadows: [candidate(asks(), url())] }, talk);
    const told = wouldHave(entries).map(({ operation, withheld }) => [
      operation.name,
      withheld?.kind,
      withheld?.reason,
    ]);
    expect(told).toEqual([
      ['sendMessage', 'suppressed', 'capability'],
      ['accept', undefined, undefined],
      ['accept', 'suppressed', 'once'],
      ['sendUrl', 'unsupported', 'dialect'],
      ['sendUrl', 'unsupported', 'dialect'],
    ]);
  });

  it('speaks in the place of a human who has taken the chat over, and is silent beside a colleague', async () => {
    const taken = await play({ shadows: [careful] }, async (scene) => {
      const mia = scene.customer('Mia').joins();
      await scene.after('2s');
      scene.colleague().takesOver();
      mia.says('farewell');
      await scene.after('5s');
    });
    expect(wouldSay(taken.entries)).toEqual(['Good day!', 'Take care.']);
    const joined = await play({ shadows: [careful] }, async (scene) => {
      const mia = scene.customer('Mia').joins();
      await scene.after('2s');
      scene.colleague().joins();
      mia.says('farewell');
      await scene.after('5s');
    });
    expect(wouldSay(joined.entries)).toEqual(['Good day!']);
  });

  it.each([
    ['handed the chat over', 'transfer', 'ownership'],
    ['finished', 'stopProcessing', 'ended'],
  ] as const)('is silent once it would have %s, while the live bot goes on', async (_what, name, reason) => {
    const goes = definePlugin({
      name: 'goes',
      message:
        () =>
        (_line, { operations }) =>
          concat(
            name === 'stopProcessing' ? operations.stopProcessing() : operations.transfer({ skill: 'Cards' }),
            timer(100).pipe(concatMap(() => operations.sendMessage('still here'))),
          ),
    });
    const speaks = definePlugin({
      name: 'speaks',
      bot:
        () =>
        (_interaction, { operations }) =>
          timer(3_000).pipe(concatMap(() => operations.sendMessage('still here'))),
    });
    const { entries, left } = await play({ shadows: [candidate(goes(), speaks())] }, talk);
    expect(wouldHave(entries)[0]?.operation.name).toBe(name);
    expect(wouldSay(entries)).toEqual([]);
    expect(wouldHave(entries)).toContainEqual(
      expect.objectContaining({
        operation: expect.objectContaining({ text: 'still here' }),
        withheld: { kind: 'suppressed', reason },
      }),
    );
    expect(left.join('\n')).toContain('Bye.');
    expect(entries.filter(({ kind }) => kind === 'owner')).toEqual([]);
  });

  it('hands over to itself, and notes nothing', async () => {
    const plan = handOff({
      to: { agentId: 'cora' },
      on: ['farewell'],
      fallback: { text: 'Nobody is free.' },
    });
    const { entries, left } = await play({ shadows: [candidate(autoAccept(), plan)] }, talk);
    expect(wouldHave(entries).map(({ operation }) => operation.name)).toContain('startConsultation');
    expect(left.join('\n')).not.toMatch(/startConsultation|Nobody is free/);
    expect(entries.filter(({ kind }) => kind === 'noted')).toEqual([]);
  });

  it('leaves a chat alone that was found open', async () => {
    const { entries } = await play({ shadows: [careful] }, async (scene) => {
      const chat = scene.stage.server.open({ id: 'old', effect: () => undefined });
      chat.change('Chatting', [chat.customer]);
      await scene.after('2s');
    });
    expect(entries.filter(({ kind }) => ofShadows.has(kind))).toEqual([]);
  });
});
