import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Participant } from '../../../core/model/participant.ts';
import type { Interaction } from '../../../core/ports.ts';
import { Interactions } from '../../../core/streams/interactions.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { colleagueJoined, colleagueSpeaks } from '../../../core/streams/operators/colleague.ts';
import { customerLeft } from '../../../core/streams/operators/customer-left.ts';
import { customerMessages } from '../../../core/streams/operators/customer-messages.ts';
import { whenState } from '../../../core/streams/operators/when-state.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

function chat(participants: readonly (readonly Participant[])[]): { interaction: Interaction; play(): void } {
  const interactions = new Interactions(testAgent, () => undefined);
  const opened = new BehaviorSubject<Interaction | undefined>(undefined);
  interactions.opened$.subscribe(opened);
  interactions.apply({
    kind: 'interaction',
    interactionId: 'I',
    change: 'StatusChange',
    update: { state: 'Invited' },
  });
  if (opened.value === undefined) throw new Error('nothing was opened');
  const play = (): void => {
    for (const present of participants) {
      interactions.apply({
        kind: 'interaction',
        interactionId: 'I',
        change: 'ParticipantsUpdated',
        update: { participants: present },
      });
    }
  };
  return { interaction: opened.value, play };
}

const count = (
  source: Subject<unknown> | { subscribe(next: () => void): unknown },
  play: () => void,
): number => {
  let seen = 0;
  source.subscribe(() => {
    seen += 1;
  });
  play();
  return seen;
};

const { agent, customer, colleague } = people;

describe('customerLeft', () => {
  it.each([
    ['the customer goes', [[agent, customer], [agent]], 1],
    ['the customer goes and comes and goes', [[customer], [agent], [customer], [agent]], 1],
    ['nobody was ever there', [[agent], [agent, colleague]], 0],
    ['the list is empty, which says nothing', [[agent, customer], []], 0],
    [
      'a colleague goes',
      [
        [agent, colleague, customer],
        [agent, customer],
      ],
      0,
    ],
  ] as const)('when %s', (_what, participants, times) => {
    const { interaction, play } = chat(participants);
    expect(count(customerLeft(interaction), play)).toBe(times);
  });
});

describe('customerLeft without a list that shows the customer', () => {
  it('is told by the transcript', () => {
    const { interaction } = chat([]);
    let left = 0;
    customerLeft(interaction).subscribe(() => {
      left += 1;
    });
    (interaction as LiveInteraction).update({ state: 'Chatting' });
    const line = (index: number, from: Participant, type: 'ParticipantJoined' | 'ParticipantLeft') =>
      (interaction as LiveInteraction).append([{ index, type, from, text: '', visibility: 'All' }]);
    line(1, agent, 'ParticipantJoined');
    line(2, agent, 'ParticipantLeft');
    expect(left).toBe(0);
    line(3, customer, 'ParticipantLeft');
    line(4, customer, 'ParticipantLeft');
    expect(left).toBe(1);
  });

  it('is plain in a chat that was found open', () => {
    const found = new LiveInteraction('I', testAgent, { state: 'Chatting' });
    expect(count(customerLeft(found), () => found.update({ participants: [agent] }))).toBe(1);
  });
});

describe('colleagueJoined', () => {
  it('does not take the agent for a colleague, listed twice or under another nickname', () => {
    const twice = { ...agent, id: 'p-ada-2', nickname: 'Ada (2)' };
    const { interaction, play } = chat([
      [agent, customer],
      [agent, twice, customer],
    ]);
    expect(count(colleagueJoined(interaction), play)).toBe(0);
  });

  it('emits once', () => {
    const { interaction, play } = chat([[agent, colleague], [agent], [agent, colleague]]);
    expect(count(colleagueJoined(interaction), play)).toBe(1);
  });
});

describe('whenState', () => {
  it('emits at once when the interaction is in the state already', () => {
    const { interaction } = chat([]);
    expect(count(whenState(interaction, 'Invited'), () => undefined)).toBe(1);
  });
});

describe('who speaks', () => {
  const said = (members: object) => ({
    type: 'Text',
    own: false,
    history: false,
    visibility: 'All',
    from: customer,
    ...members,
  });
  const heard = (
    select: (interaction: Interaction) => { subscribe(next: () => void): unknown },
    ...lines: object[]
  ): number => {
    const messages$ = new Subject<unknown>();
    return count(select({ messages$ } as unknown as Interaction), () => {
      for (const line of lines) messages$.next(said(line));
    });
  };

  it('customerMessages: live texts of the customer', () => {
    expect(heard(customerMessages, {}, { history: true }, { from: agent }, { type: 'ParticipantLeft' })).toBe(
      1,
    );
    expect(heard((one) => customerMessages(one, { history: true }), {}, { history: true })).toBe(2);
  });

  it('colleagueSpeaks: what another agent says to the customer', () => {
    expect(heard(colleagueSpeaks, { from: colleague })).toBe(1);
    expect(
      heard(
        colleagueSpeaks,
        { from: colleague, visibility: 'Agents' },
        { from: agent, own: true },
        {},
        { from: colleague, history: true },
      ),
    ).toBe(0);
  });

  it('colleagueSpeaks: also before the process was started again', () => {
    expect(heard(colleagueSpeaks, { from: colleague, history: true, replayed: true })).toBe(1);
  });
});
