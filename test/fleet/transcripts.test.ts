import { describe, expect, it } from 'vitest';
import { judge, type Transcript } from './transcripts.ts';

/** A line for each word: those of the customer as they are, those of the agent behind a `<`. */
const chat = (...words: string[]): Transcript => ({
  id: 'chat',
  lines: words.map((word) => ({
    type: word === '…' ? 'TypingStarted' : 'Text',
    from: { type: word.startsWith('<') || word === '…' ? 'Agent' : 'Customer' },
    text: word.replace(/^</, ''),
  })),
});

const none = { doubleGreetings: 0, lost: 0, doubled: 0, outOfOrder: 0 };

describe('the judge of transcripts', () => {
  it.each<[string, readonly string[], object, number]>([
    ['nothing where all is well', ['<Hello Mia!', 'a', 'b', '<re: a', '<re: b', 'a', '<re: a'], none, 0],
    ['a second greeting', ['<Hello Mia!', '<Hello Mia!', 'a', '<re: a'], { ...none, doubleGreetings: 1 }, 1],
    ['an answer that came twice', ['<Hello Mia!', 'a', '<re: a', '<re: a'], { ...none, doubled: 1 }, 1],
    ['an answer to nothing', ['<Hello Mia!', '<re: a', 'a', '<re: a'], { ...none, doubled: 1 }, 1],
    ['a line without an answer', ['<Hello Mia!', 'a', 'a', '<re: a'], { ...none, lost: 1 }, 1],
    ['a chat without a greeting', [], { ...none, lost: 1 }, 1],
    ['answers out of order', ['<Hello Mia!', 'a', 'b', '<re: b', '<re: a'], { ...none, outOfOrder: 1 }, 1],
    ['a sign of typing that stays', ['<Hello Mia!', '…'], none, 1],
  ])('finds %s', (_what, words, found, failures) => {
    const judgement = judge([chat(...words)]);
    expect(judgement).toMatchObject({ ...found, lines: words.filter((word) => /^[ab]/.test(word)).length });
    expect(judgement.failures).toHaveLength(failures);
  });

  it('sums up over all chats', () => {
    const doubled = chat('<Hello Mia!', 'a', '<re: a', '<re: a');
    expect(judge([doubled, doubled])).toMatchObject({ lines: 2, doubled: 2 });
  });
});
