import fc from 'fast-check';
import { mentions } from 'usher-bots';
import { describe, expect, it } from 'vitest';

describe('a phrase', () => {
  it.each([
    'e-mail',
    'check-in',
    'and/or',
    'c++',
    'c#',
    '.net',
    '(maybe)',
    '[draft]',
    '{name}',
    'a|b',
    '50%',
    '$5',
    '^top',
    'back\\slash',
    'what?',
    '*',
    "o'clock",
    'über-uns',
    'a_b',
    '愛子',
    '👋',
  ])('%s is taken to the letter', (phrase) => {
    expect(mentions(`so: ${phrase} , please`, [phrase])).toBe(true);
    expect(mentions('so: nothing of the kind, please', [phrase])).toBe(false);
  });

  it('is found in itself, whatever its characters', () => {
    const phrase = fc.string({ unit: 'grapheme-ascii', minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(fc.property(phrase, (text) => mentions(text, [text])));
  });

  it('ends where no letter or digit goes on, in any script', () => {
    expect(mentions('открыто?', ['ОТКРЫТО'])).toBe(true);
    expect(mentions('открытое', ['открыто'])).toBe(false);
    expect(mentions('open24', ['open'])).toBe(false);
    expect(mentions('open_24', ['open'])).toBe(true);
  });

  it('is found however the letters with marks are composed', () => {
    expect(mentions('u\u0308ber uns', ['über uns'])).toBe(true);
    expect(mentions('über uns', ['u\u0308ber uns'])).toBe(true);
  });

  it('is one of several', () => {
    expect(mentions('a human, please', ['agent', /hum.n/])).toBe(true);
    expect(mentions('a human, please', [])).toBe(false);
  });

  it('that is a sticky or global pattern is looked for from the start, each time', () => {
    const pattern = /agent/g;
    pattern.lastIndex = 5;
    expect(mentions('agent', [pattern])).toBe(true);
  });
});
