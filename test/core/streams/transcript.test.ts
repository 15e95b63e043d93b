import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TranscriptLine } from '../../../core/model/message.ts';
import { Transcript } from '../../../core/streams/transcript.ts';
import { people } from '../../../core/testing/scripted-chat.ts';

const line = (index: number): TranscriptLine => ({
  index,
  type: 'Text',
  from: people.customer,
  text: `${index}`,
  visibility: 'All',
});
const take = (transcript: Transcript, ...indexes: number[]) => {
  const { fresh, repeated } = transcript.take(indexes.map(line));
  return { fresh: fresh.map(({ index }) => index), repeated };
};

describe('a transcript', () => {
  it('gives lines in the order of their index', () => {
    expect(take(new Transcript(), 3, 1, 2)).toEqual({ fresh: [1, 2, 3], repeated: 0 });
  });

  it('gives each line once', () => {
    const transcript = new Transcript();
    take(transcript, 1, 2);
    expect(take(transcript, 2, 1, 3, 3)).toEqual({ fresh: [3], repeated: 3 });
  });

  it('does not wait for numbers that are missing', () => {
    expect(take(new Transcript(), 1, 4)).toEqual({ fresh: [1, 4], repeated: 0 });
  });

  it('takes a line that comes late, once', () => {
    const transcript = new Transcript();
    take(transcript, 1, 4);
    expect(take(transcript, 2)).toEqual({ fresh: [2], repeated: 0 });
    expect(take(transcript, 2)).toEqual({ fresh: [], repeated: 1 });
  });

  it('bears hostile numbers', () => {
    const transcript = new Transcript();
    expect(take(transcript, Number.MAX_SAFE_INTEGER)).toEqual({
      fresh: [Number.MAX_SAFE_INTEGER],
      repeated: 0,
    });
    expect(take(transcript, Number.MAX_SAFE_INTEGER)).toEqual({ fresh: [], repeated: 1 });
  });

  it('gives every line exactly once, however they are cut, repeated and mixed', () => {
    const index = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.array(fc.array(index)), (batches) => {
        const transcript = new Transcript();
        const given = batches.flatMap((batch) => take(transcript, ...batch).fresh);
        expect(given.toSorted((a, b) => a - b)).toEqual(
          [...new Set(batches.flat())].toSorted((a, b) => a - b),
        );
      }),
    );
  });
});
