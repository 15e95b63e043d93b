import { answeredLine } from 'usher-bots';
import { expect, it } from 'vitest';
import { replyKey } from '../../../core/bot/reply-key.ts';

it('tells which line an operation answers, whatever the plugin is called', () => {
  expect(answeredLine({ once: replyKey('answers', 7, 1) })).toBe(7);
  expect(answeredLine({ once: replyKey('faq#2', 12, 3) })).toBe(12);
  expect(answeredLine({ once: replyKey('odd:9:9', 4, 1) })).toBe(4);
  expect(answeredLine({ once: 'greeting' })).toBeUndefined();
  expect(answeredLine({})).toBeUndefined();
});
