import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TranscriptLine } from '../../../core/model/message.ts';
import { Transcript } from '../../../core/streams/transcript.ts';
import { people } from '../../../core/testing/server/people.ts';

const line = (index: number): TranscriptLine => ({
  index,
  type: 'Text',
  from: people.customer,
  text: `${index}`,
  visibility: 'All',
});
const indexes = (lines: readonly TranscriptLine[]) => lines.map(({ index }) => index);
const take = (transcript: Transcript, ...numbers: number[]) => {
  const { ready, repeated, late } = transcript.take(numbers.map(line));
  return { ready: indexes(ready), repeated, late };
};
const whole = (transcript: Transcript, ...numbers: number[]) =>
  indexes(transcript.take(numbers.map(line), true).ready);

describe('a transcript', () => {
  it('gives lines in the order of their index', () => {
    expect(take(new Transcript(), 3, 1, 2)).toEqual({ ready: [1, 2, 3], repeated: 0, late: 0 });
  });

  it('gives each line once', () => {
    const transcript = new Transcript();
    take(transcript, 1, 2);
    expect(take(transcript, 2, 1, 3, 3)).toEqual({ ready: [3], repeated: 3, late: 0 });
  });

  it('takes no number for missing inside one notification', () => {
    expect(take(new Transcript(), 1, 4).ready).toEqual([1, 4]);
  });

  it('holds a line that overtook another, and tells both in order', () => {
    const transcript = new Transcript();
    take(transcript, 1);
    expect(take(transcript, 3)).toEqual({ ready: [], repeated: 0, late: 0 });
    expect(transcript.waiting).toBe(3);
    expect(take(transcript, 3)).toEqual({ ready: [], repeated: 1, late: 0 });
    expect(take(transcript, 2).ready).toEqual([2, 3]);
    expect(transcript.waiting).toBeUndefined();
  });

  it('learns from the transcript that a number is missing for good', () => {
    const transcript = new Transcript();
    take(transcript, 1, 2);
    take(transcript, 5);
    expect(whole(transcript, 2, 5)).toEqual([5]);
    expect(transcript.waiting).toBeUndefined();
  });

  it('waits no longer when it is told so, and takes what still comes, once, as late', () => {
    const transcript = new Transcript();
    take(transcript, 1);
    take(transcript, 4);
    expect(indexes(transcript.release())).toEqual([4]);
    expect(take(transcript, 2)).toEqual({ ready: [2], repeated: 0, late: 1 });
    expect(take(transcript, 2)).toEqual({ ready: [], repeated: 1, late: 0 });
  });

  it('holds what comes before the transcript so far', () => {
    const transcript = new Transcript();
    expect(take(transcript, 7).ready).toEqual([]);
    expect(take(transcript, 1, 2, 5).ready).toEqual([1, 2, 5]);
    expect(take(transcript, 6).ready).toEqual([6, 7]);
  });

  it.each([0, 1])('begins with number %d without waiting', (first) => {
    expect(take(new Transcript(), first).ready).toEqual([first]);
  });

  it('is followed from an index on where it was known before', () => {
    const transcript = new Transcript(5);
    expect(take(transcript, 7).ready).toEqual([]);
    expect(take(transcript, 5, 6).ready).toEqual([5, 6, 7]);
  });

  it('bears hostile numbers', () => {
    const transcript = new Transcript();
    expect(take(transcript, Number.MAX_SAFE_INTEGER).ready).toEqual([]);
    expect(indexes(transcript.release())).toEqual([Number.MAX_SAFE_INTEGER]);
    expect(take(transcript, Number.MAX_SAFE_INTEGER)).toEqual({ ready: [], repeated: 1, late: 0 });
  });

  const batches = fc.array(fc.array(fc.integer({ min: 1, max: 50 })));

  it('gives every line exactly once, however they are cut, repeated and mixed', () => {
    fc.assert(
      fc.property(batches, fc.array(fc.boolean()), (given, releases) => {
        const transcript = new Transcript();
        const told = given.flatMap((batch, at) => [
          ...take(transcript, ...batch).ready,
          ...(releases[at] === true ? indexes(transcript.release()) : []),
        ]);
        told.push(...indexes(transcript.release()));
        expect(told.toSorted((a, b) => a - b)).toEqual([...new Set(given.flat())].toSorted((a, b) => a - b));
      }),
    );
  });

  it('gives them in order as long as nobody stops waiting', () => {
    fc.assert(
      fc.property(batches, (given) => {
        const transcript = new Transcript();
        const told = given.flatMap((batch) => {
          const { ready, late } = transcript.take(batch.map(line));
          return indexes(ready.slice(late));
        });
        expect(told).toEqual(told.toSorted((a, b) => a - b));
      }),
    );
  });
});
