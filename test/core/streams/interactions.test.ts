import { describe, expect, it } from 'vitest';
import type { InteractionState, InteractionUpdate } from '../../../core/model/interaction.ts';
import type { TranscriptLine } from '../../../core/model/message.ts';
import type { Notification } from '../../../core/model/notification.ts';
import type { Interaction } from '../../../core/ports.ts';
import { Interactions } from '../../../core/streams/interactions.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

const state = (id: string, value: InteractionState, more: InteractionUpdate = {}): Notification => ({
  kind: 'interaction',
  interactionId: id,
  change: 'StatusChange',
  update: { state: value, ...more },
});

const line = (
  index: number,
  type: TranscriptLine['type'] = 'Text',
  who: keyof typeof people = 'customer',
): TranscriptLine => ({
  index,
  type,
  from: people[who],
  text: `line ${index}`,
  visibility: 'All',
});
const lines = (id: string, ...given: TranscriptLine[]): Notification => ({
  kind: 'transcript',
  interactionId: id,
  lines: given,
  problems: [],
});

function registry() {
  const reports: string[] = [];
  const opened: Interaction[] = [];
  const interactions = new Interactions(testAgent, (code) => reports.push(code));
  interactions.opened$.subscribe((interaction) => opened.push(interaction));
  const open = (id = 'I'): Interaction => {
    interactions.apply(state(id, 'Invited'));
    const last = opened.at(-1);
    if (last === undefined) throw new Error('nothing was opened');
    return last;
  };
  return { interactions, reports, opened, open };
}

/** Everything a stream emits, and 'end' when it completes. */
function record<Value>(stream: { subscribe(observer: object): unknown }): (Value | 'end')[] {
  const seen: (Value | 'end')[] = [];
  stream.subscribe({ next: (value: Value) => seen.push(value), complete: () => seen.push('end') });
  return seen;
}

describe('interactions', () => {
  it('open with the first notification, once', () => {
    const { interactions, opened } = registry();
    interactions.apply(state('I', 'Invited', { kind: 'transfer', userData: { FirstName: 'Mia' } }));
    interactions.apply(state('I', 'Invited'));
    expect(opened).toHaveLength(1);
    expect(opened[0]).toMatchObject({
      id: 'I',
      kind: 'transfer',
      now: { state: 'Invited', userData: { FirstName: 'Mia' } },
    });
  });

  it('replay their state to whoever comes late', () => {
    const { interactions, open } = registry();
    const interaction = open();
    interactions.apply(state('I', 'Chatting'));
    expect(record(interaction.state$)).toEqual(['Chatting']);
  });

  it('know all that a notification tells before anybody hears a part of it', () => {
    const { interactions, open } = registry();
    const interaction = open();
    const seen: unknown[] = [];
    interaction.participants$.subscribe(() => seen.push(interaction.now.capabilities));
    interactions.apply(
      state('I', 'Chatting', { participants: [people.agent], capabilities: ['SendMessage'] }),
    );
    expect(seen).toEqual([undefined, ['SendMessage']]);
  });

  it('complete every stream at the end, and are forgotten', () => {
    const { interactions, open } = registry();
    const interaction = open();
    const streams = [
      'state$',
      'participants$',
      'capabilities$',
      'userData$',
      'messages$',
      'typing$',
      'notifications$',
      'ended$',
    ] as const;
    const seen = streams.map((name) => record(interaction[name]));
    interactions.apply(state('I', 'Completed'));
    expect(seen.map((events) => events.at(-1))).toEqual(streams.map(() => 'end'));
    expect(interaction.now).toMatchObject({ state: 'Completed', ended: true });
    expect(interactions.get('I')).toBeUndefined();
    expect(interactions.open).toEqual([]);
  });

  it.each([
    ['Completed', { state: 'Completed', reason: 'completed' }],
    ['Revoked', { state: 'Revoked', reason: 'revoked' }],
  ] as const)('end as %s with the reason, also for whoever comes late', (last, end) => {
    const { interactions, open } = registry();
    const interaction = open();
    interactions.apply(state('I', last));
    expect(record(interaction.ended$)).toEqual([end, 'end']);
  });

  it('are new when they come back', () => {
    const { interactions, opened, open } = registry();
    open();
    interactions.apply(state('I', 'Completed'));
    open();
    expect(opened).toHaveLength(2);
    expect(opened[0]).not.toBe(opened[1]);
  });

  it('report what belongs to none of them', () => {
    const { interactions, reports, opened } = registry();
    interactions.apply(lines('nobody', line(1)));
    interactions.apply(state('nobody', 'Completed'));
    interactions.apply({ kind: 'malformed', problem: 'x' });
    interactions.apply({ kind: 'unknown', messageType: 'x' });
    expect(opened).toEqual([]);
    expect(reports).toEqual([
      'USHER_NOTIFICATION_STRAY',
      'USHER_NOTIFICATION_STRAY',
      'USHER_NOTIFICATION_MALFORMED',
      'USHER_NOTIFICATION_UNKNOWN',
    ]);
  });

  it('do not fall back to Invited when an invitation is repeated late', () => {
    const { interactions, reports, open } = registry();
    const interaction = open();
    interactions.apply(state('I', 'Chatting'));
    interactions.apply(state('I', 'Invited'));
    expect(interaction.now.state).toBe('Chatting');
    expect(reports).toEqual(['USHER_NOTIFICATION_STRAY']);
  });

  it('tell what a subscriber causes after what it heard', () => {
    const { interactions, open } = registry();
    const interaction = open();
    interaction.messages$.subscribe(({ index }) => {
      if (index === 1) interactions.apply(lines('I', line(2)));
    });
    const second: number[] = [];
    interaction.messages$.subscribe(({ index }) => second.push(index));
    interactions.apply(lines('I', line(1)));
    expect(second).toEqual([1, 2]);
  });

  it('are brought up to date from a snapshot: gone, kept, new, and offered anew', () => {
    const { interactions, opened, open } = registry();
    const [gone, kept, again] = [open('gone'), open('kept'), open('again')];
    interactions.apply(state('kept', 'Chatting'));
    interactions.apply(state('again', 'Chatting'));
    interactions.reconcile([state('kept', 'Chatting'), state('new', 'Invited'), state('again', 'Invited')]);
    expect([gone, kept, again].map(({ now }) => now.ended)).toEqual([true, false, true]);
    expect(record(gone.ended$)).toEqual([{ reason: 'vanished' }, 'end']);
    expect(opened.map(({ id }) => id)).toEqual(['gone', 'kept', 'again', 'new', 'again']);
  });

  it('all end with the session', () => {
    const { interactions, open } = registry();
    const interaction = open();
    interactions.close();
    expect(record(interaction.ended$)).toEqual([{ reason: 'session-ended' }, 'end']);
  });
});

describe('messages', () => {
  const chatting = () => {
    const opened = registry();
    const interaction = opened.open();
    const messages = record<{ index: number; history: boolean; own: boolean }>(interaction.messages$);
    const typing = record<{ typing: boolean; own: boolean }>(interaction.typing$);
    opened.interactions.apply(state('I', 'Chatting'));
    return { ...opened, messages, typing };
  };
  const brief = (seen: readonly unknown[]) =>
    seen.map((message) => {
      const { index, history } = message as { index: number; history: boolean };
      return `${index}${history ? ' history' : ''}`;
    });

  it('up to the arrival of the agent are history', () => {
    const { interactions, messages } = chatting();
    interactions.apply(lines('I', line(1), line(2, 'ParticipantJoined', 'agent'), line(3)));
    interactions.apply(lines('I', line(4)));
    expect(brief(messages)).toEqual(['1 history', '2 history', '3', '4']);
  });

  it('of the first transcript are history where the arrival is not told', () => {
    const { interactions, messages } = chatting();
    interactions.apply(lines('I', line(1), line(2)));
    interactions.apply(lines('I', line(3)));
    expect(brief(messages)).toEqual(['1 history', '2 history', '3']);
  });

  it('come once, and the repetition is reported', () => {
    const { interactions, messages, reports } = chatting();
    interactions.apply(lines('I', line(1)));
    interactions.apply(lines('I', line(1), line(2)));
    expect(brief(messages)).toEqual(['1 history', '2']);
    expect(reports).toEqual(['USHER_LINE_REPEATED']);
  });

  it('know the own ones, and leave typing to its own stream', () => {
    const { interactions, messages, typing } = chatting();
    interactions.apply(lines('I', line(1, 'ParticipantJoined', 'agent')));
    interactions.apply(
      lines('I', line(2, 'Text', 'agent'), line(3, 'TypingStarted'), line(4, 'TypingStopped', 'agent')),
    );
    expect(messages).toMatchObject([{ index: 1 }, { index: 2, own: true }]);
    expect(typing).toMatchObject([
      { typing: true, own: false },
      { typing: false, own: true },
    ]);
  });
});

describe('a chat that the session finds open', () => {
  it('is known to go on, while one that is offered is not', () => {
    const { interactions, opened } = registry();
    interactions.reconcile([state('open', 'Chatting'), state('offered', 'Invited')]);
    expect(opened.map(({ id, resumed }) => [id, resumed])).toEqual([
      ['open', true],
      ['offered', false],
    ]);
  });

  it('goes on, known or not, and its transcript may have grown', () => {
    const { interactions, open } = registry();
    open('known');
    interactions.apply(state('known', 'Chatting'));
    interactions.apply(lines('known', line(1), line(4)));
    const { vanished, appeared, going } = interactions.reconcile([
      state('known', 'Chatting'),
      state('new', 'Chatting'),
      state('offered', 'Invited'),
    ]);
    expect({ vanished, appeared }).toEqual({ vanished: 0, appeared: 2 });
    expect(going.map(({ id }) => id)).toEqual(['known', 'new']);
  });
});
