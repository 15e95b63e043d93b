import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../core/model/operation.ts';
import type { RecordedEvent } from '../../../core/recording/recording.ts';
import { Redaction } from '../../../core/recording/redaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';

const operation = { name: 'sendMessage', text: 'Hello Mia', interactionId: 'I', plugin: 'p' } as const;
const wouldHave: RecordedEvent = { kind: 'would-have', interactionId: 'I', bot: 'candidate', operation };
const outcome: RecordedEvent = {
  kind: 'outcome',
  took: 1,
  outcome: { operation, kind: 'sent', attempts: 1 },
};

const textOf = (event: RecordedEvent): string => {
  const asked: Operation | undefined =
    event.kind === 'would-have'
      ? event.operation
      : event.kind === 'outcome'
        ? event.outcome.operation
        : undefined;
  return asked?.name === 'sendMessage' ? asked.text : '';
};

describe('what would have been done', () => {
  it('is tagged in a recording as what was done', () => {
    const redaction = new Redaction({ key: 'k'.repeat(16), texts: 'redacted', agent: testAgent });
    const [would, was] = [redaction.event(wouldHave), redaction.event(outcome)].map(textOf);
    expect(would).toMatch(/^<text:[0-9a-f]{10}>$/);
    expect(would).toBe(was);
    expect(redaction.event(wouldHave)).toMatchObject({
      kind: 'would-have',
      bot: 'candidate',
      interactionId: 'I',
    });
  });

  it('is readable where the agent’s own texts are', () => {
    const redaction = new Redaction({ key: 'k'.repeat(16), texts: 'own', agent: testAgent });
    redaction.event({
      kind: 'interaction-began',
      interactionId: 'I',
      type: 'inbound',
      userData: { FirstName: 'Mia' },
    });
    expect(textOf(redaction.event(wouldHave))).toMatch(/^Hello <data:[0-9a-f]{10}>$/);
  });
});
