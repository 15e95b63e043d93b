import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { forms } from 'usher-bots/plugins/forms';
import { handOff } from 'usher-bots/plugins/hand-off';
import { survey } from 'usher-bots/plugins/survey';
import { scripted } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { gws852 } from '../../core/dialects/gws-8.5.2.ts';
import { field, valueIn } from '../../plugins/forms/field.ts';

const dialect = gws852();
const form = forms({
  on: ['call me back'],
  fields: [
    { key: 'Phone', ask: 'Which number?', kind: 'text', invalid: 'Please write a number.' },
    {
      key: 'When',
      ask: 'When: 1) morning 2) evening?',
      kind: 'choice',
      choices: ['morning', 'evening'],
      invalid: '1 or 2, please.',
    },
  ],
  confirm: '{Phone} in the {When}, {FirstName}?',
  done: 'We call {Phone}.',
});
const bot = [autoAccept(), form, handOff({ to: { agentId: 'cora' }, fallback: { text: 'Nobody is free.' } })];

describe('forms', () => {
  it('asks, checks, confirms, stores', () =>
    scripted(
      bot,
      async ({ customer, bot }) => {
        const mia = customer('Mia', { userData: { FirstName: 'Mia' } })
          .joins()
          .says('please call me back');
        await expect(bot).toSay('Which number?');
        mia.says('0123');
        await expect(bot).toSay('When: 1) morning 2) evening?');
        mia.says('at noon');
        await expect(bot).toSay('1 or 2, please.');
        mia.says('2');
        await expect(bot).toSay('0123 in the evening, Mia?');
        mia.says('yes');
        await expect(bot).toDo('attachUserData', { userData: { Phone: '0123', When: 'evening' } });
        await expect(bot).toSay('We call 0123.');
        mia.says('thanks');
        await expect(bot).toStaySilent('5s');
      },
      { dialect },
    ));

  it('begins anew when it is not right, and ends when the customer has enough', () =>
    scripted(
      bot,
      async ({ customer, bot }) => {
        const mia = customer('Mia').joins().says('call me back');
        await expect(bot).toSay('Which number?');
        mia.says('1');
        await expect(bot).toSay(/^When/);
        mia.says('morning');
        await expect(bot).toSay(/^1 in the morning/);
        mia.says('no');
        await expect(bot).toSay('Which number?');
        mia.says('stop');
        await expect(bot).toSay('All right, I stop asking.');
      },
      { dialect },
    ));

  it('asks for a human when the answers do not fit again and again', () =>
    scripted(
      bot,
      async ({ customer, bot }) => {
        const mia = customer('Mia').joins().says('call me back');
        await expect(bot).toSay('Which number?');
        mia.says('1');
        await expect(bot).toSay(/^When/);
        for (const text of ['a', 'b']) {
          mia.says(text);
          await expect(bot).toSay('1 or 2, please.');
        }
        mia.says('c');
        await expect(bot).toConsult({ agentId: 'cora' });
      },
      { dialect },
    ));

  it.each([
    ['number', ' 3,5 ', '3.5'],
    ['number', '11', undefined],
    ['number', 'five', undefined],
    ['email', 'mia@shop.example', 'mia@shop.example'],
    ['email', 'mia at shop', undefined],
    ['choice', 'Red.', 'red'],
    ['choice', '3', undefined],
    ['text', '  ', undefined],
  ] as const)('takes for %s the answer %j as %j', (kind, answer, value) => {
    const asked = field.parse({
      key: 'k',
      ask: 'a',
      invalid: 'i',
      kind,
      choices: ['red', 'blue'],
      from: 1,
      to: 10,
    });
    expect(valueIn(asked, answer)).toBe(value);
  });
});

describe('survey', () => {
  const plugins = [
    autoAccept(),
    survey({ on: ['thanks'], ask: 'How was it, from 1 to 5?', thanks: 'Thank you!' }),
  ];

  it('asks once, and keeps the score', () =>
    scripted(
      plugins,
      async ({ customer, bot }) => {
        const mia = customer('Mia').joins().says('thanks!');
        await expect(bot).toSay('How was it, from 1 to 5?');
        mia.says('a 9 of 10', 'I would say 4');
        await expect(bot).toDo('attachUserData', { userData: { SurveyScore: 4 } });
        await expect(bot).toSay('Thank you!');
        mia.says('thanks', '5');
        await expect(bot).toStaySilent('5s');
      },
      { dialect },
    ));
});
