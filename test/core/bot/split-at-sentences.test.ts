import fc from 'fast-check';
import { splitAtSentences } from 'usher-bots';
import { describe, expect, it } from 'vitest';

describe('a long text', () => {
  it.each([
    ['One. Two. Three.', 9, ['One. Two.', 'Three.']],
    ['One. Two.', 100, ['One. Two.']],
    ['A sentence that is too long by itself.', 12, ['A sentence', 'that is too', 'long by', 'itself.']],
    ['Unbreakable', 4, ['Unbr', 'eaka', 'ble']],
    ['', 10, []],
  ])('%j in parts of %i', (text, longest, parts) => {
    expect(splitAtSentences(text, longest)).toEqual(parts);
  });

  it('loses nothing but blanks, and no part is too long', () => {
    fc.assert(
      fc.property(
        fc.lorem({ maxCount: 20, mode: 'sentences' }),
        fc.integer({ min: 5, max: 200 }),
        (text, longest) => {
          const parts = splitAtSentences(text, longest);
          expect(parts.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
          for (const part of parts) expect(part.length).toBeLessThanOrEqual(longest);
        },
      ),
    );
  });
});
