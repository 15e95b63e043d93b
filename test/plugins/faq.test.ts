import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { faq, openKnowledge } from 'usher-bots/plugins/faq';
import { scripted } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import 'usher-bots/testing/vitest';
import { sectionsOf } from '../../plugins/faq/sections.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-faq-'));
mkdirSync(join(folder, 'deep'));
writeFileSync(
  join(folder, 'returns.md'),
  `---
title: x
---
# Returns

You can **return** what you bought within [30 days](https://shop.example/returns).

## Refunds

We pay the money back within *five days*, to the account it came from.

\`\`\`
# no heading
\`\`\`
`,
);
writeFileSync(join(folder, 'deep/hours.md'), '## Opening hours\n\nMonday to Friday from 8 to 18 h.\n');

describe('faq', () => {
  const bot = (options = {}) => [autoAccept(), faq({ files: [folder], ...options })];

  it.each([
    ['When do I get my refund?', 'We pay the money back within five days, to the account it came from.'],
    ['what are your opening hours', 'Monday to Friday from 8 to 18 h.'],
    ['Can I return a thing I bought?', 'You can return what you bought within 30 days.'],
  ])('answers %s', (question, answer) =>
    scripted(bot(), async ({ customer, bot }) => {
      customer('Mia').joins().says(question);
      await expect(bot).toSay(new RegExp(`^${answer}\n[\\s\\S]*\\(From: `));
    }),
  );

  it('cites where it stands, as told to', () =>
    scripted(bot({ answer: '{text} [{title}: {source}]' }), async ({ customer, bot }) => {
      customer('Mia').joins().says('opening hours?');
      await expect(bot).toSay(
        `Monday to Friday from 8 to 18 h. [Opening hours: ${join(folder, 'deep/hours.md')}]`,
      );
    }));

  it.each(['do you sell bicycles', 'hello', 'what is that for?', '👋'])('leaves %s to others', (question) =>
    scripted(bot(), async ({ customer, bot }) => {
      customer('Mia').joins().says(question);
      await expect(bot).toStaySilent('5s');
    }),
  );

  it('says when it does not know, if told to', () =>
    scripted(bot({ otherwise: 'I do not know.' }), async ({ customer, bot }) => {
      customer('Mia').joins().says('do you sell bicycles?');
      await expect(bot).toSay('I do not know.');
    }));

  it.each([
    [{ files: ['no/such/folder'] }, /options\.files: .*no\/such\/folder/],
    [{}, /knows nothing: name files, or give entries/],
  ])('refuses %j', (options, message) => {
    expect(() => faq(options)).toThrow(message);
  });
});

describe('knowledge', () => {
  it('is as certain as the part of the question that it holds', () => {
    const knowledge = openKnowledge([folder]);
    expect(knowledge.size).toBe(3);
    expect(knowledge.search('refunds')[0]).toMatchObject({ section: { title: 'Refunds' }, certainty: 1 });
    expect(knowledge.search('refunds for bicycles tomorrow')[0]?.certainty).toBeCloseTo(1 / 3);
  });

  it('is read section by section', () => {
    expect(sectionsOf('intro\n# A\ntext\n- one\n- two\n## B\n', 'file')).toEqual([
      { title: 'file', text: 'intro' },
      { title: 'A', text: 'text\n– one\n– two' },
    ]);
  });
});
