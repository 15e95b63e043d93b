import { fillTemplate, type UserData } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';

const filled = (template: string, userData: UserData = {}): string =>
  fillTemplate(template, new LiveInteraction('I', testAgent, { userData }));

describe('a template', () => {
  it.each([
    'Merci ! À bientôt :)',
    'Use version .5 or look at  this',
    'First line\n  - an item\n\n  - another',
    'a {} b',
  ])('without places stays as it is written: %j', (text) => {
    expect(filled(text)).toBe(text);
  });

  it.each<[string, UserData, string]>([
    ['Hello {FirstName}!', {}, 'Hello!'],
    ['Hello {FirstName} {LastName}, welcome', { LastName: 'Kerr' }, 'Hello Kerr, welcome'],
    ['{FirstName}, welcome', {}, ', welcome'],
    ['Hello {FirstName|there}', { FirstName: '  ' }, 'Hello there'],
    ['Hello {FirstName|there}', { FirstName: ' Mia ' }, 'Hello Mia'],
    ['Hello {FirstName|}', {}, 'Hello'],
    ['{Vip|no}', { Vip: false }, 'false'],
    ['{Visits|none}', { Visits: 0 }, '0'],
    ['{agent.password|-}', {}, '-'],
    ['{a}{b}', { a: '1', b: '2' }, '12'],
    ['{a b}', { 'a b': '1' }, '1'],
    ['{Sum}', { Sum: '$& $1' }, '$& $1'],
  ])('%j with %o becomes %j', (template, userData, text) => {
    expect(filled(template, userData)).toBe(text);
  });

  it('leaves what user data brings as it is', () => {
    expect(filled('Subject: {Subject}', { Subject: 'Hi :)  ok ?' })).toBe('Subject: Hi :)  ok ?');
  });
});
