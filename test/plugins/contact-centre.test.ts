import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { disposition } from 'usher-bots/plugins/disposition';
import { keywords } from 'usher-bots/plugins/keywords';
import { language } from 'usher-bots/plugins/language';
import { transcript } from 'usher-bots/plugins/transcript';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { scripted } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { gws852 } from '../../core/dialects/gws-8.5.2.ts';

const dialect = gws852();

describe('keywords', () => {
  const plugins = [
    autoAccept(),
    keywords({
      rules: [
        {
          when: 'invoice',
          say: 'I send you to accounting.',
          attach: { Topic: 'invoice' },
          transfer: { queue: 'accounting' },
        },
        { when: ['bye', 'goodbye'], say: 'Goodbye!', disposition: 'said-bye', finish: true },
        { when: 'ping', say: 'pong', repeat: true },
        { when: 'once', say: 'Only once.' },
      ],
    }),
  ];

  it('does what a rule says, in order', () =>
    scripted(
      plugins,
      async ({ customer, bot }) => {
        customer('Mia').joins().says('my invoice is wrong');
        await expect(bot).toSay('I send you to accounting.');
        await expect(bot).toDo('attachUserData', { userData: { Topic: 'invoice' } });
        await expect(bot).toTransferTo({ queue: 'accounting' });
        customer('Tom').joins().says('ok, goodbye');
        await expect(bot).toSay('Goodbye!');
        await expect(bot).toDo('setDisposition', { disposition: 'said-bye' });
        await expect(bot).toDo('stopProcessing');
      },
      { dialect },
    ));

  it('once in a chat, or each time', () =>
    scripted(plugins, async ({ customer, bot }) => {
      const mia = customer('Mia').joins().says('once', 'once', 'ping', 'ping');
      await expect(bot).toSay('Only once.');
      await expect(bot).toSay('pong');
      await expect(bot).toSay('pong');
      mia.says('once');
      await expect(bot).toStaySilent('5s');
    }));
});

describe('disposition', () => {
  const plugins = [
    autoAccept(),
    answers({ answers: [{ when: 'hours', reply: 'From 8.' }] }),
    disposition({
      rules: [
        { code: 'complaint', said: ['complaint'] },
        { code: 'answered', answered: true },
      ],
      otherwise: 'unanswered',
    }),
    wrapUp(),
  ];

  it.each([
    ['complaint', ['a complaint']],
    ['answered', ['your hours?']],
    ['unanswered', ['hello']],
    ['unanswered', []],
  ])('is %s after %j, before the work is finished', (code, lines) =>
    scripted(
      plugins,
      async ({ customer, bot, after }) => {
        const mia = customer('Mia')
          .joins()
          .says(...lines);
        await after('1s');
        mia.leaves();
        await expect(bot).toDo('setDisposition', { disposition: code });
        await expect(bot).toDo('stopProcessing');
      },
      { dialect },
    ),
  );
});

describe('language', () => {
  const plugins = [
    autoAccept(),
    language({
      languages: ['en', 'de', 'fr'],
      routes: { de: { to: { queue: 'deutsch' }, say: 'Ich verbinde Sie.' } },
    }),
    answers({ answers: [{ when: 'x', reply: 'x' }], otherwise: 'I see.' }),
  ];

  it('is found out over several lines, noted, and routed by', () =>
    scripted(
      plugins,
      async ({ customer, bot }) => {
        const mia = customer('Mia').joins().says('Hallo');
        await expect(bot).toSay('I see.');
        mia.says('ich habe meine Karte verloren und brauche eine neue');
        await expect(bot).toDo('attachUserData', { userData: { Language: 'de' } });
        await expect(bot).toSay('Ich verbinde Sie.');
        await expect(bot).toTransferTo({ queue: 'deutsch' });
      },
      { dialect },
    ));

  it('that has no route is answered by the next plugin', () =>
    scripted(
      plugins,
      async ({ customer, bot }) => {
        customer('Mia').joins().says('I have lost my card and need another one');
        await expect(bot).toDo('attachUserData', { userData: { Language: 'en' } });
        await expect(bot).toSay('I see.');
      },
      { dialect },
    ));
});

describe('transcript', () => {
  it.each([
    ['json', '"text":"hello"', '.json'],
    ['markdown', '**Mia** hello', '.md'],
  ] as const)(
    'writes each chat that is over as %s, for nobody else to read',
    async (format, text, ending) => {
      const folder = join(mkdtempSync(join(tmpdir(), 'usher-transcripts-')), 'new');
      const plugins = [
        autoAccept(),
        transcript({ folder, format }),
        answers({ answers: [{ when: 'x', reply: 'x' }], otherwise: 'I see.' }),
        wrapUp(),
      ];
      await scripted(plugins, async ({ customer, bot, after }) => {
        const mia = customer('Mia', { userData: { Secret: '42' } })
          .joins()
          .says('hello');
        await expect(bot).toSay('I see.');
        mia.leaves();
        await after('1s');
      });
      expect(readdirSync(folder)).toEqual([`Mia${ending}`]);
      const path = join(folder, `Mia${ending}`);
      expect(readFileSync(path, 'utf8')).toContain(text);
      expect(readFileSync(path, 'utf8')).not.toContain('42');
      expect(statSync(path).mode & 0o777).toBe(0o600);
    },
  );
});
