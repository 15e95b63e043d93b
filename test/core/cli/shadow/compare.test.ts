import { defineBot, type JournalEntry, RecordingLines } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { typing } from 'usher-bots/plugins/typing';
import { VirtualTime } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { compareShadow } from '../../../../core/cli/shadow/compare.ts';
import { candidatesIn } from '../../../../core/cli/shadow/seen-chats.ts';
import { readRecording } from '../../../../core/recording/read-recording.ts';
import { Scene } from '../../../../core/testing/scene/scene.ts';
import { testAgent } from '../../../../core/testing/server/people.ts';
import { RecordedStory } from './recorded-story.ts';

const say = (text: string) => ({ name: 'sendMessage', text });
const answer = (text: string, line: number) => ({ ...say(text), once: `reply:answers:${line}:1` });
const accept = { name: 'accept', nickname: 'Ada' };

const compared = (source: string, candidate = 'candidate') =>
  compareShadow(candidate, readRecording('story.jsonl', source));

/** A turn of each kind. */
const story = (): RecordedStory =>
  new RecordedStory()
    .chat('one')
    .would(accept)
    .did(accept)
    .did(say('Hello Rosalind'))
    .would(say('Hello Rosalind'))
    .says('opening hours?')
    .would(say('From 9 to 5.'))
    .did(say('From 8 to 6.'))
    .says('and on Sunday?')
    .did(say('Closed.'))
    .says('thanks')
    .would(say('You are welcome.'))
    .says('a human please')
    .would({ name: 'startConsultation', to: { skill: 'Cards' } })
    .did(say('I can help.'));

describe('a shadow beside what was done', () => {
  it.each(['all', 'redacted'] as const)('is told turn by turn and by kind, with texts %s', (texts) => {
    const report = compared(story().recording(texts));
    expect(report).toMatchObject({
      candidate: 'candidate',
      chats: 1,
      turns: 5,
      leftOut: 0,
      same: 1,
      kinds: { says: 1, silent: 1, speaks: 1, 'hand-off': 1, other: 0 },
    });
    expect(report.differences.map(({ turn, kind }) => [turn, kind])).toEqual([
      [1, 'says'],
      [2, 'silent'],
      [3, 'speaks'],
      [4, 'hand-off'],
    ]);
    const told = JSON.stringify(report.differences);
    expect(told.includes('opening hours?')).toBe(texts === 'all');
    expect(told.includes('From 9 to 5.')).toBe(texts === 'all');
  });

  it('does not mind how blanks are set', () => {
    const source = new RecordedStory()
      .chat('one')
      .did(say('Hello  Mia'))
      .would(say(' Hello\nMia '))
      .recording();
    expect(compared(source)).toMatchObject({ turns: 1, same: 1 });
  });

  it('tells how long each side takes to its first word', () => {
    expect(compared(story().recording()).toReply).toEqual({ done: 1_520, would: 500 });
  });

  it.each(['all', 'redacted'] as const)(
    'is compared with a human who writes by hand, with texts %s',
    (texts) => {
      const report = compared(
        new RecordedStory()
          .chat('one', { seenBy: [], bot: 'dry' })
          .would(accept, { bot: 'dry' })
          .would(say('Hello Rosalind'), { bot: 'dry' })
          .byHand('Hello Rosalind')
          .says('opening hours?')
          .would(say('From 9 to 5.'), { bot: 'dry' })
          .byHand('From 8 to 6.')
          .recording(texts),
        'dry',
      );
      expect(report).toMatchObject({ chats: 1, turns: 2, same: 1, kinds: { says: 1, other: 0 } });
    },
  );

  it('counts the lines of operations once, and a human’s own beside them', () => {
    const report = compared(
      new RecordedStory()
        .chat('one')
        .did(say('Hello'))
        .would(say('Hello'))
        .says('and?')
        .did(say('One.'))
        .byHand('Two.')
        .would(say('One.'))
        .would(say('Two.'))
        .recording(),
    );
    expect(report).toMatchObject({ turns: 2, same: 2 });
  });

  it('gives an answer to the line that it answers, however late it comes', () => {
    const report = compared(
      new RecordedStory()
        .chat('one')
        .says('first')
        .would(answer('1', 3))
        .says('second')
        .would(answer('2', 4))
        .did(answer('1', 3))
        .did(answer('2', 4))
        .recording(),
    );
    expect(report).toMatchObject({ turns: 3, same: 3 });
  });

  it('leaves out the turns of a colleague, and those after the candidate has left', () => {
    const colleague = { kind: 'human', name: 'Cora', by: 'joining' } as const;
    const ofColleague = new RecordedStory().chat('one').owner(colleague).says('to Cora').recording();
    expect(compared(ofColleague)).toMatchObject({ turns: 1, leftOut: 1, same: 1 });
    const takeOver = { kind: 'human', name: 'Sue', by: 'take-over' } as const;
    const ofSeat = new RecordedStory().chat('one').owner(takeOver).says('to Sue').did(say('Yes')).recording();
    expect(compared(ofSeat)).toMatchObject({ turns: 2, leftOut: 0, kinds: { silent: 1 } });
    const left = new RecordedStory()
      .chat('one')
      .would({ name: 'transfer', to: { skill: 'Cards' } })
      .would(say('nobody came'), { after: 30_000 })
      .says('still there?')
      .did(say('Yes'))
      .recording();
    expect(compared(left)).toMatchObject({ turns: 1, leftOut: 1, kinds: { 'hand-off': 1 } });
    expect(compared(left).differences[0]?.would).toEqual(['transfer {"to":{"skill":"Cards"}}']);
  });

  it('leaves out what was held back, other candidates, and chats that it did not see', () => {
    const source = new RecordedStory()
      .chat('one', { seenBy: ['candidate', 'other'] })
      .would(say('held'), { withheld: 'once' })
      .would(say('not mine'), { bot: 'other' })
      .chat('two', { seenBy: ['other'] })
      .did(say('Hello'))
      .recording();
    expect(compared(source)).toMatchObject({ chats: 1, turns: 1, same: 1 });
    expect(candidatesIn(readRecording('story.jsonl', source))).toEqual(['candidate', 'other']);
  });

  it('notices other operations', () => {
    const source = new RecordedStory()
      .chat('one')
      .did({ name: 'setDisposition', disposition: 'solved' })
      .would({ name: 'setDisposition', disposition: 'open' })
      .recording();
    expect(compared(source)).toMatchObject({ turns: 1, same: 0, kinds: { other: 1 } });
  });

  it.each(['all', 'redacted'] as const)(
    'is found in what a session records, with texts %s',
    async (texts) => {
      let entries: readonly JournalEntry[] = [];
      const plugins = (farewell: string) => [
        autoAccept({ delay: 100 }),
        greeter({ text: 'Hello {FirstName}!', delay: 100 }),
        answers({ answers: [{ when: 'farewell', reply: farewell }], otherwise: 'I heard you.' }),
        typing({ charactersPerSecond: 1_000, minimum: 20, maximum: 20 }),
      ];
      await VirtualTime.run(async (time) => {
        const candidate = defineBot({ name: 'candidate', plugins: plugins('Take care, {FirstName}.') });
        const scene = new Scene(time, plugins('Bye, {FirstName}.'), { shadows: [candidate] });
        const mia = scene.customer('Mia', { userData: { FirstName: 'Rosalind' } }).joins();
        for (const text of ['hello?', 'farewell', 'hello again']) {
          await scene.after('2s');
          mia.says(text);
        }
        await scene.after('2s');
        await scene.stage.close();
        entries = scene.stage.entries;
      });
      const lines = new RecordingLines({ agent: testAgent, texts, key: 'a secret of sixteen', at: 0 });
      const source = lines.header + entries.map((entry) => lines.line(entry) ?? '').join('');
      expect(source.includes('Rosalind')).toBe(texts === 'all');
      const report = compared(source);
      expect(report).toMatchObject({ chats: 1, turns: 4, same: 3, kinds: { says: 1 } });
      if (texts === 'all')
        expect(report.differences).toEqual([
          {
            interactionId: 'Mia',
            turn: 2,
            kind: 'says',
            after: 'farewell',
            done: ['“Bye, Rosalind.”'],
            would: ['“Take care, Rosalind.”'],
          },
        ]);
    },
  );
});
