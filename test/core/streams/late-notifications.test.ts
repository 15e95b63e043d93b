import type { InteractionState } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { decodeMe } from '../../../core/dialects/user.ts';
import type { InteractionChanged } from '../../../core/model/notification.ts';
import { Interactions } from '../../../core/streams/interactions.ts';
import { Transcript } from '../../../core/streams/transcript.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

const told = (
  state: InteractionState,
  change: InteractionChanged['change'] = 'StatusChange',
): InteractionChanged => ({ kind: 'interaction', interactionId: 'I', change, update: { state } });

function registry() {
  const reports: string[] = [];
  const opened: string[] = [];
  const counts: number[] = [];
  const interactions = new Interactions(testAgent, (code) => reports.push(code));
  interactions.opened$.subscribe(({ id }) => opened.push(id));
  interactions.count$.subscribe((count) => counts.push(count));
  return { interactions, reports, opened, counts };
}

describe('what comes after the end of an interaction', () => {
  it.each(['Error', 'PropertiesUpdated', 'ParticipantsUpdated'] as const)(
    'does not open it again: %s',
    (change) => {
      const { interactions, reports, opened } = registry();
      interactions.apply(told('Invited'));
      interactions.apply(told('Completed'));
      interactions.apply(told('Chatting', change));
      expect(opened).toEqual(['I']);
      expect(reports).toEqual(['USHER_NOTIFICATION_STRAY']);
    },
  );

  it('opens a new one where it is an invitation', () => {
    const { interactions, opened, counts } = registry();
    for (const state of ['Invited', 'Revoked', 'Invited'] as const) interactions.apply(told(state));
    expect(opened).toEqual(['I', 'I']);
    expect(counts).toEqual([0, 1, 0, 1]);
  });
});

describe('a snapshot', () => {
  it('does not end the chat that it lists in a way nobody can read', () => {
    const { interactions } = registry();
    interactions.apply(told('Invited'));
    interactions.apply(told('Chatting'));
    const me = decodeMe({ user: { id: 'u1', interactions: [{ id: 'I', state: 'Idle' }] } });
    interactions.reconcile(me?.interactions ?? []);
    expect(interactions.get('I')?.now).toMatchObject({ state: 'Chatting', ended: false });
  });

  it('that lists a chat as over ends it', () => {
    const { interactions } = registry();
    interactions.apply(told('Invited'));
    interactions.reconcile([told('Completed')]);
    expect(interactions.open).toEqual([]);
  });

  it('that lists a chat twice opens it once', () => {
    const { interactions, opened, reports } = registry();
    interactions.reconcile([told('Chatting'), told('Chatting')]);
    expect(opened).toEqual(['I']);
    expect(reports).toEqual([]);
  });

  it('of nothing ends all that was open', () => {
    const { interactions, counts } = registry();
    interactions.apply(told('Invited'));
    interactions.reconcile([]);
    expect(counts).toEqual([0, 1, 0]);
  });
});

describe('a transcript that counts from 0', () => {
  it('gives its first line too, once', () => {
    const transcript = new Transcript();
    const first = {
      index: 0,
      type: 'Text',
      from: people.customer,
      text: 'hello',
      visibility: 'All',
    } as const;
    expect(transcript.take([first])).toEqual({ ready: [first], repeated: 0, late: 0 });
    expect(transcript.take([first])).toEqual({ ready: [], repeated: 1, late: 0 });
  });
});
