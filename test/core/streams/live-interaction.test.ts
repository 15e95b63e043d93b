import { from, NEVER, type Observable, of, take, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Message } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import type { InteractionUpdate } from '../../../core/model/interaction.ts';
import type { TranscriptLine } from '../../../core/model/message.ts';
import type { Notification, TranscriptUpdated } from '../../../core/model/notification.ts';
import { RxClock } from '../../../core/session/rx-clock.ts';
import { Interactions } from '../../../core/streams/interactions.ts';
import {
  type InteractionMemory,
  LiveInteraction,
  type LiveInteractionOptions,
} from '../../../core/streams/live-interaction.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

type Who = keyof typeof people;

const line = (
  index: number,
  who: Who = 'customer',
  type: TranscriptLine['type'] = 'Text',
): TranscriptLine => ({ index, type, from: people[who], text: `line ${index}`, visibility: 'All' });
const joins = (index: number, who: Who) => line(index, who, 'ParticipantJoined');
const leaves = (index: number, who: Who) => line(index, who, 'ParticipantLeft');

/** A chat that was offered and is now in a state, and the indexes of the messages that are live. */
function chat(state: NonNullable<InteractionUpdate['state']>) {
  const interaction = new LiveInteraction('I', testAgent, { state: 'Invited' });
  interaction.update({ state });
  const messages: Message[] = [];
  interaction.messages$.subscribe((message) => messages.push(message));
  const live = () => messages.filter(({ history }) => !history).map(({ index }) => index);
  return { interaction, messages, live };
}

describe('history', () => {
  it('goes up to the last arrival of the agent: an earlier stay in the same chat is over', () => {
    const { interaction, live } = chat('Chatting');
    interaction.append([
      joins(1, 'customer'),
      joins(2, 'agent'),
      line(3),
      line(4, 'agent'),
      leaves(5, 'agent'),
      joins(6, 'colleague'),
      line(7),
      joins(8, 'agent'),
      line(9),
    ]);
    expect(live()).toEqual([9]);
  });

  it('does not begin again when the agent is listed once more later on, as in a consultation', () => {
    const { interaction, live } = chat('Chatting');
    interaction.append([line(1), joins(2, 'agent')]);
    interaction.append([
      line(3),
      { ...joins(4, 'agent'), from: { ...people.agent, id: 'p-ada-2' } },
      line(5),
    ]);
    expect(live()).toEqual([3, 4, 5]);
  });

  it('does not begin again either where the first arrival was never told', () => {
    const { interaction, live } = chat('Invited');
    interaction.update({ state: 'Chatting' });
    interaction.append([line(1), line(2)]);
    interaction.append([line(3), joins(4, 'agent'), line(5)]);
    expect(live()).toEqual([3, 4, 5]);
  });

  it('knows the agent by nickname where GWS names no user', () => {
    const { interaction, live } = chat('Chatting');
    const { userId: _userId, ...nameless } = people.agent;
    interaction.append([line(1), { ...joins(2, 'agent'), from: nameless }, line(3)]);
    expect(live()).toEqual([3]);
  });

  it('is not ended by the arrival of a colleague', () => {
    const { interaction, live } = chat('Chatting');
    interaction.append([line(1), joins(2, 'colleague'), line(3), joins(4, 'agent')]);
    expect(live()).toEqual([]);
  });

  it('of a chat that is shown while it rings is history too, and what comes after joining is', () => {
    const { interaction, live } = chat('Invited');
    interaction.append([line(1)]);
    interaction.update({ state: 'Chatting' });
    interaction.append([line(2), joins(3, 'agent')]);
    interaction.append([line(4)]);
    expect(live()).toEqual([4]);
  });

  it('is all that was said in a chat before it was found open; what came by itself meanwhile is live', () => {
    const { live, interactions } = found();
    interactions.apply(transcript([line(7)]));
    interactions.apply({
      ...transcript([line(1), joins(2, 'agent'), line(3), line(6), line(7)]),
      whole: true,
    });
    interactions.apply(transcript([line(8)]));
    expect(live).toEqual([7, 8]);
  });

  it('goes up to the arrival that is remembered; what was told since then is told again as such', () => {
    const { interactions, live, replayed } = found({ joinedAt: 2, seen: 4 });
    interactions.apply({ ...transcript([2, 3, 4, 5].map((index) => line(index))), whole: true });
    interactions.apply(transcript([line(6)]));
    expect({ live, replayed }).toEqual({ live: [5, 6], replayed: [3, 4] });
  });
});

function transcript(lines: readonly TranscriptLine[]): TranscriptUpdated {
  return { kind: 'transcript', interactionId: 'I', lines, problems: [] };
}

/** A chat that the session finds open, with what is remembered of it. */
function found(memory?: InteractionMemory) {
  const interactions = new Interactions(testAgent, () => undefined, { recall: () => memory });
  const live: number[] = [];
  const replayed: number[] = [];
  interactions.opened$.subscribe(({ messages$ }) =>
    messages$.subscribe((message) => {
      if (!message.history) live.push(message.index);
      if (message.replayed) replayed.push(message.index);
    }),
  );
  interactions.reconcile([
    { kind: 'interaction', interactionId: 'I', change: 'StatusChange', update: { state: 'Chatting' } },
  ]);
  return { interactions, live, replayed };
}

describe('a line behind a gap', () => {
  /** What is told when, in a chat whose transcript is read or not. */
  const told = (feed: (interaction: LiveInteraction) => void, read?: LiveInteractionOptions['read']) => {
    const seen: string[] = [];
    new TestScheduler(() => undefined).run(() => {
      const clock = new RxClock();
      const interaction = new LiveInteraction('I', testAgent, {}, { read });
      interaction.update({ state: 'Chatting' });
      interaction.append([joins(1, 'agent')]);
      interaction.messages$.subscribe(({ index }) => seen.push(`${clock.now()} ${index}`));
      feed(interaction);
    });
    return seen;
  };

  it('waits for what it has overtaken', () => {
    const seen = told((interaction) => {
      interaction.append([line(3)]);
      timer(50).subscribe(() => interaction.append([line(2)]));
    });
    expect(seen).toEqual(['50 2', '50 3']);
  });

  it('has the transcript read when nothing comes, and is told as soon as it shows that nothing is missing', () => {
    const asked: number[] = [];
    const seen = told(
      (interaction) => interaction.append([line(3), line(4)]),
      (interaction, fromIndex) => {
        asked.push(fromIndex);
        timer(30).subscribe(() => interaction.append([joins(1, 'agent'), line(3), line(4)], undefined, true));
        return of('asked');
      },
    );
    expect(asked).toEqual([1]);
    expect(seen).toEqual(['230 3', '230 4']);
  });

  it('is told in the end, when neither comes', () => {
    expect(told((interaction) => interaction.append([line(3)]))).toEqual(['200 3']);
    expect(
      told(
        (interaction) => interaction.append([line(3)]),
        () => NEVER.pipe(take(0)),
      ),
    ).toEqual(['2200 3']);
  });

  it('is not waited for in a chat that has ended', () => {
    const seen = told((interaction) => {
      interaction.append([line(3)]);
      interaction.end({ reason: 'vanished' });
    });
    expect(seen).toEqual([]);
  });
});

describe('a live interaction', () => {
  it('says each state once, however often GWS repeats it', () => {
    const { interaction } = chat('Invited');
    const states: string[] = [];
    interaction.state$.subscribe((state) => states.push(state));
    for (const state of ['Invited', 'Chatting', 'Chatting', 'LeftChat'] as const)
      interaction.update({ state });
    expect(states).toEqual(['Invited', 'Chatting', 'LeftChat']);
  });

  it('keeps what a notification does not mention', () => {
    const { interaction } = chat('Invited');
    interaction.update({ userData: { FirstName: 'Mia' }, capabilities: ['Accept'] });
    interaction.update({ participants: [people.customer] });
    expect(interaction.now).toMatchObject({
      state: 'Invited',
      userData: { FirstName: 'Mia' },
      capabilities: ['Accept'],
      participants: [people.customer],
      lastIndex: -1,
      joinedAt: undefined,
      ended: false,
    });
  });

  it('takes user data as a whole: keys that were deleted are gone', () => {
    const { interaction } = chat('Invited');
    interaction.update({ userData: { a: 1, b: 2 } });
    interaction.update({ userData: { b: 3 } });
    expect(interaction.now.userData).toEqual({ b: 3 });
  });

  it('tells its last state before it ends', () => {
    const { interaction } = chat('Chatting');
    const seen: string[] = [];
    interaction.state$.subscribe({
      next: (state) => seen.push(state),
      complete: () => seen.push('complete'),
    });
    interaction.ended$.subscribe(({ reason }) => seen.push(reason));
    interaction.update({ state: 'Completed' });
    expect(seen).toEqual(['Chatting', 'Completed', 'completed', 'complete']);
  });

  it('is deaf after its end', () => {
    const { interaction, messages } = chat('Chatting');
    interaction.end({ reason: 'vanished' });
    interaction.update({ state: 'Chatting', userData: { a: 1 } });
    expect(interaction.append([line(1)])).toEqual({ repeated: 0, late: 0 });
    interaction.end({ reason: 'completed' });
    expect(messages).toEqual([]);
    expect(interaction.now).toMatchObject({ ended: true, userData: {} });
  });

  it('leaves nobody subscribed after its end', () => {
    const { interaction } = chat('Chatting');
    const names = ['state$', 'participants$', 'capabilities$', 'userData$', 'messages$', 'typing$'] as const;
    const subscriptions = names.map((name) => from<Observable<unknown>>(interaction[name]).subscribe());
    interaction.update({ state: 'Revoked' });
    expect(subscriptions.map(({ closed }) => closed)).toEqual(names.map(() => true));
  });

  it('passes on every notification as it came, after what it changes', () => {
    const { interaction } = chat('Invited');
    const seen: unknown[] = [];
    interaction.state$.subscribe((state) => seen.push(state));
    interaction.notifications$.subscribe((notification) => seen.push(notification));
    const notification: Notification = {
      kind: 'interaction',
      interactionId: 'I',
      change: 'StatusChange',
      update: { state: 'Chatting' },
    };
    interaction.update(notification.update, notification);
    expect(seen).toEqual(['Invited', 'Chatting', notification]);
  });

  it('keeps typing that is over out of what is going on now', () => {
    const { interaction } = chat('Chatting');
    const typing: boolean[] = [];
    interaction.typing$.subscribe((change) => typing.push(change.typing));
    interaction.append([line(1, 'customer', 'TypingStarted'), joins(2, 'agent')]);
    interaction.append([line(3, 'customer', 'TypingStarted'), line(4, 'customer', 'TypingStopped')]);
    expect(typing).toEqual([true, false]);
  });
});
