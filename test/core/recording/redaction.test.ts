import fc from 'fast-check';
import type { Operation } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent, TextPolicy } from '../../../core/recording/recording.ts';
import { Redaction } from '../../../core/recording/redaction.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

const redaction = (texts: TextPolicy = 'redacted', key = 'k'.repeat(16)) =>
  new Redaction({ key, texts, agent: testAgent });

const lines = (...said: { from: (typeof people)[keyof typeof people]; text: string }[]): RecordedEvent => ({
  kind: 'notification',
  topic: '/t',
  notification: {
    kind: 'transcript',
    interactionId: 'I',
    lines: said.map(({ from, text }, at) => ({ index: at + 1, type: 'Text', from, text, visibility: 'All' })),
    problems: [],
  },
});
const began = (userData: Record<string, string>): RecordedEvent => ({
  kind: 'interaction-began',
  interactionId: 'I',
  type: 'inbound',
  userData,
});
const outcome = (operation: Partial<Operation>): RecordedEvent => ({
  kind: 'outcome',
  took: 1,
  outcome: {
    kind: 'sent',
    attempts: 1,
    operation: { name: 'sendMessage', interactionId: 'I', plugin: 'p', ...operation } as Operation,
  },
});

const value = fc
  .string({ minLength: 4, maxLength: 40 })
  .filter((text) => /^[a-z0-9 @.]{4,}$/i.test(text.trim()));

describe('redaction', () => {
  it.each(['redacted', 'own'] as const)('with texts %s leaves no value of a customer anywhere', (texts) => {
    fc.assert(
      fc.property(value, value, value, (name, card, said) => {
        const hidden = [name, card, said].map((one) => `Q${one}Q`);
        const [first = '', second = '', third = ''] = hidden;
        const redacting = redaction(texts);
        const written = [
          began({ FirstName: first, Card: second }),
          lines({ from: { ...people.customer, nickname: first } as never, text: third }),
          outcome({ text: `Dear ${first}, of ${second} you said ${third}.` } as Partial<Operation>),
          outcome({
            name: 'transfer',
            to: { skill: 'Cards' },
            farewell: `Bye ${first}`,
          } as Partial<Operation>),
          outcome({ name: 'updateUserData', userData: { Card: second } } as Partial<Operation>),
          lines({ from: people.colleague, text: `I am with ${first}` }),
        ].map((event) => JSON.stringify(redacting.event(event)));
        for (const one of hidden) expect(written.join('\n')).not.toContain(one);
      }),
    );
  });

  it('gives the same value the same tag, and another key another', () => {
    const [one, two] = [redaction(), redaction()];
    expect(one.event(began({ A: 'secret', B: 'secret' }))).toEqual(
      two.event(began({ A: 'secret', B: 'secret' })),
    );
    const { userData } = one.event(began({ A: 'secret', B: 'secret', C: 'other' })) as {
      userData: Record<string, string>;
    };
    expect(userData['A']).toMatch(/^<data:[0-9a-f]{10}>$/);
    expect(userData['A']).toBe(userData['B']);
    expect(userData['C']).not.toBe(userData['A']);
    expect(redaction('redacted', 'x'.repeat(16)).tag('data', 'secret')).not.toBe(userData['A']);
  });

  it('keeps a greeting by name the same for whoever is greeted by the tag', () => {
    const live = redaction();
    live.event(began({ FirstName: 'Rosalind' }));
    const greeted = live.event(outcome({ text: 'Hello Rosalind' } as Partial<Operation>));
    const again = redaction();
    const tag = again.tag('data', 'Rosalind');
    expect(again.event(outcome({ text: `Hello ${tag}` } as Partial<Operation>))).toEqual(greeted);
  });

  it('leaves own texts readable only when asked to, and what customers said in them tagged', () => {
    const own = redaction('own');
    own.event(lines({ from: people.customer, text: 'my PIN is 4711' }));
    expect(
      JSON.stringify(own.event(outcome({ text: 'You said: my PIN is 4711' } as Partial<Operation>))),
    ).toMatch(/You said: <text:[0-9a-f]{10}>/);
    expect(JSON.stringify(redaction().event(outcome({ text: 'Hello' } as Partial<Operation>)))).not.toContain(
      'Hello',
    );
    expect(
      JSON.stringify(redaction('all').event(outcome({ text: 'Hello' } as Partial<Operation>))),
    ).toContain('Hello');
  });

  it('tags what it does not know, rather than let it pass', () => {
    const strange = {
      name: 'sendMessage',
      interactionId: 'I',
      plugin: 'p',
      text: 'x',
      secret: { a: 'hidden' },
    };
    const events: RecordedEvent[] = [
      outcome(strange as never),
      { kind: 'notification', topic: '/t', notification: { kind: 'unknown', messageType: 'hidden' } },
      { kind: 'notification', topic: '/t', notification: { kind: 'malformed', problem: 'text is "hidden"' } },
      {
        kind: 'problem',
        code: 'USHER_PLUGIN_FAILED',
        message: 'cannot read hidden',
        cause: new Error('hidden'),
      },
      { kind: 'session', status: 'recovering', detail: 'hidden' },
      {
        kind: 'notification',
        topic: '/t',
        notification: {
          kind: 'interaction',
          interactionId: 'I',
          change: 'Error',
          update: { surprise: 'hidden' } as never,
          error: 'hidden',
        },
      },
    ];
    const redacting = redaction();
    for (const event of events) expect(JSON.stringify(redacting.event(event))).not.toContain('hidden');
  });
});
