import type { JournalEntry, Operation } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { ConversationView } from '../../../../core/cli/show/conversation-view.ts';
import { intentOf } from '../../../../core/cli/show/intent.ts';
import { operationNames } from '../../../../core/model/operation.ts';
import { timelineRow } from '../../../../plugins/console/chat-timeline.ts';

const operation: Operation = {
  name: 'sendMessage',
  text: 'Good day!',
  interactionId: 'I',
  plugin: 'greeter',
};
const wouldHave = (members: object = {}): JournalEntry => ({
  kind: 'would-have',
  interactionId: 'I',
  operation,
  agent: 'ada',
  at: 0,
  ...members,
});

function shown(entry: JournalEntry, showText = true): string[] {
  const view = new ConversationView({ showText, nicknames: new Map([['ada', 'Ada']]) });
  const userData = { FirstName: 'Mia' };
  view.lines({
    kind: 'interaction-began',
    interactionId: 'I',
    type: 'inbound',
    userData,
    agent: 'ada',
    at: 0,
  });
  return view.lines(entry);
}

describe('what would have been done', () => {
  it('is shown as such, with who would have', () => {
    expect(shown(wouldHave({ bot: 'candidate' }))[0]).toMatch(
      /Mia +Ada would say “Good day!” {2}\[candidate\/greeter\]$/,
    );
    expect(shown(wouldHave())[0]).toMatch(/Ada would say “Good day!” {2}\[greeter\]$/);
  });

  it('is shown by its length where texts are hidden, and not at all where it was held back', () => {
    expect(shown(wouldHave(), false)[0]).toMatch(/Ada would say 9 characters/);
    expect(shown(wouldHave({ withheld: { kind: 'suppressed', reason: 'once' } }))).toEqual([]);
  });

  it('has words for every operation but signs of typing', () => {
    const silent = operationNames.filter(
      (name) =>
        intentOf({ ...operation, to: { skill: 'Cards' }, url: '', name } as Operation, String) === undefined,
    );
    expect(silent).toEqual(['sendTyping', 'sendTypingToAgents']);
  });

  it('stands in the timeline of the console', () => {
    expect(timelineRow(1, wouldHave({ bot: 'candidate' }), 'shown')).toMatchObject({
      kind: 'would-have',
      title: 'sendMessage would have left',
      detail: 'candidate, “Good day!”',
      plugin: 'greeter',
    });
    expect(
      timelineRow(1, wouldHave({ withheld: { kind: 'suppressed', reason: 'once' } }), 'shown'),
    ).toMatchObject({
      title: 'sendMessage would not have left',
      detail: '“Good day!”, suppressed, once',
    });
  });
});
