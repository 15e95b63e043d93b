import {
  type Condition,
  definePlugin,
  fillTemplate,
  type Interaction,
  meets,
  mentions,
  type Phrase,
} from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';

describe('definePlugin', () => {
  const plugin = definePlugin({
    name: 'tested',
    options: z.strictObject({
      text: z.string(),
      rules: z.array(z.object({ delay: z.number() })).default([]),
    }),
    bot: () => () => [],
  });

  it.each([
    [{}, 'plugin tested: options.text: Invalid input: expected string, received undefined'],
    [{ text: 7 }, 'plugin tested: options.text: Invalid input: expected string, received number'],
    [
      { text: 'a', rules: [{ delay: '1' }] },
      'plugin tested: options.rules[0].delay: Invalid input: expected number, received string',
    ],
    [{ text: 'a', txet: 'b' }, 'plugin tested: options: Unrecognized key: "txet"'],
  ])('names plugin and option: %o', (options, message) => {
    expect(() => plugin(options as never)).toThrow(
      expect.objectContaining({ code: 'USHER_PLUGIN_OPTIONS', message }),
    );
  });

  it('takes any Standard Schema', () => {
    const shout = {
      '~standard': {
        version: 1 as const,
        vendor: 'own',
        validate: (value: unknown) => ({ value: String(value).toUpperCase() }),
      },
    };
    let got: unknown;
    definePlugin({
      name: 'own',
      options: shout,
      bot: (options) => {
        got = options;
        return () => [];
      },
    })('quiet').create();
    expect(got).toBe('QUIET');
  });
});

const chat = (kind: Interaction['kind'] = 'inbound'): Interaction =>
  new LiveInteraction('I', testAgent, {
    kind,
    userData: { FirstName: 'Mia', Segment: 'gold', Visits: 3, Empty: null },
  });

describe('a condition', () => {
  it.each<[Condition, boolean]>([
    [{}, true],
    [{ kind: ['inbound'] }, true],
    [{ kind: ['consultation', 'transfer'] }, false],
    [{ userData: { Segment: 'gold' } }, true],
    [{ userData: { Segment: 'gol' } }, false],
    [{ userData: { Segment: /^g/ } }, true],
    [{ userData: { Visits: '3' } }, true],
    [{ userData: { Empty: '' } }, true],
    [{ userData: { Missing: /.*/ } }, false],
    [{ userData: { toString: /.*/ } }, false],
    [{ kind: ['inbound'], userData: { Segment: 'silver' } }, false],
  ])('%o: %s', (condition, expected) => {
    expect(meets(chat(), condition)).toBe(expected);
  });
});

describe('a phrase', () => {
  it.each<[string, Phrase, boolean]>([
    ['I want an agent', 'agent', true],
    ['AGENT!', 'agent', true],
    ['I am an agenta', 'agent', false],
    ['Are you open?', 'open', true],
    ['reopened', 'open', false],
    ['what are your  opening\nhours', 'opening hours', true],
    ['ein Übel', 'bel', false],
    ['über alles', 'ÜBER', true],
    ['c++ or c#', 'c++', true],
    ['costs (maybe) 5', '(maybe)', true],
    ['order 4711', /\d{4}/, true],
    ['order 4711', /^\d+$/, false],
  ])('%j mentions %o: %s', (text, phrase, expected) => {
    expect(mentions(text, [phrase])).toBe(expected);
  });

  it('keeps no place in a global pattern', () => {
    const pattern = /a/g;
    expect([mentions('a', [pattern]), mentions('a', [pattern])]).toEqual([true, true]);
  });
});

describe('a template', () => {
  it.each([
    ['Hello {FirstName}!', 'Hello Mia!'],
    ['Hello {Missing|there}, welcome', 'Hello there, welcome'],
    ['Hello {Missing}, welcome', 'Hello, welcome'],
    ['I am {agent.nickname} ({agent.firstName} {agent.lastName})', 'I am Ada (Ada Stone)'],
    ['{Visits} visits, {Empty|none}', '3 visits, none'],
    ['{constructor|safe} {__proto__|safe}', 'safe safe'],
    ['no places', 'no places'],
    ['{ FirstName }', 'Mia'],
  ])('%j becomes %j', (template, text) => {
    expect(fillTemplate(template, chat())).toBe(text);
  });

  it('does not fill what user data brings in', () => {
    const sly = new LiveInteraction('I', testAgent, { userData: { FirstName: '{agent.nickname}' } });
    expect(fillTemplate('Hello {FirstName}', sly)).toBe('Hello {agent.nickname}');
  });
});
