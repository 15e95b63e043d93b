import { mulberry32, type Random } from '../../../simulator/faults/random.ts';

/** Fast-check would take minutes for a million. */
export class Dice {
  readonly next: Random;

  constructor(seed: number) {
    this.next = mulberry32(seed);
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  oneOf<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }
}

const states = ['Invited', 'Chatting', 'LeftChat', 'JoinFailed', 'Completed', 'Revoked'];
const lineTypes = [
  'Text',
  'ParticipantJoined',
  'ParticipantLeft',
  'TypingStarted',
  'TypingStopped',
  'PushUrl',
];

/** Keys and values that break careless code. */
const hostileKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '\u0000',
  '💥',
];
const junk: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
  2 ** 60,
  1e300,
  '',
  ' ',
  '\ud800',
  '\u0000',
  '__proto__',
  'x'.repeat(10_000),
  [],
  {},
  [[[[[]]]]],
  () => undefined,
  Symbol('s'),
  10n,
  new Date(Number.NaN),
];

/** A notification as a server of 8.5.2 or 8.5.0 sends it, chat by one of a few ids. */
function valid(dice: Dice): Record<string, unknown> {
  const id = `0001Fa00000000${dice.below(8)}`;
  const from = {
    type: dice.oneOf(['Customer', 'Agent', 'External']),
    nickname: 'Mia',
    participantId: `P${dice.below(3)}`,
  };
  if (dice.next() < 0.5) {
    const chat = {
      id,
      state: dice.oneOf(states),
      capabilities: ['Accept', 'SendMessage'],
      participants: [from],
      userData: { FirstName: 'Mia', [dice.oneOf(hostileKeys)]: 'x' },
    };
    const change = dice.oneOf(['StatusChange', 'ParticipantsUpdated', 'PropertiesUpdated', 'Error']);
    return dice.next() < 0.5
      ? { messageType: 'ChatStateChangeMessage', notificationType: change, chat, referenceId: dice.below(9) }
      : { messageType: 'InteractionStateChanged', notificationType: change, interaction: chat };
  }
  const messages = Array.from({ length: 1 + dice.below(3) }, () => ({
    index: 1 + dice.below(60),
    type: dice.oneOf(lineTypes),
    text: 'hello',
    visibility: dice.oneOf(['All', 'Agents']),
    timestampSeconds: 1_714_731_300_000,
    from,
  }));
  return {
    messageType: 'MessageLogUpdated',
    notificationType: 'NewMessages',
    chatPath: `/chats/${id}`,
    messages,
  };
}

/** How a valid notification is spoilt. */
const spoils: readonly ((data: Record<string, unknown>, dice: Dice) => unknown)[] = [
  (data) => data,
  // Truncated on its way.
  (data, dice) => {
    const text = JSON.stringify(data);
    return text.slice(0, dice.below(text.length));
  },
  // A member of a wrong type, somewhere.
  (data, dice) => spoilt(data, dice, (holder, key) => Reflect.set(holder, key, dice.oneOf(junk))),
  // A member is missing.
  (data, dice) => spoilt(data, dice, (holder, key) => Reflect.deleteProperty(holder, key)),
  // A member with a name that means something to the language.
  (data, dice) =>
    spoilt(data, dice, (holder) =>
      Object.defineProperty(holder, dice.oneOf(hostileKeys), {
        value: dice.oneOf(junk),
        enumerable: true,
        configurable: true,
        writable: true,
      }),
    ),
  // Deep.
  (data, dice) => {
    let deep: unknown = dice.oneOf(junk);
    for (let level = dice.below(200); level > 0; level -= 1)
      deep = dice.next() < 0.5 ? [deep] : { chat: deep };
    return { ...data, [dice.oneOf(['chat', 'interaction', 'messages', 'userData'])]: deep };
  },
  // Long.
  (data, dice) => ({ ...data, messages: Array.from({ length: dice.below(50) }, () => dice.oneOf(junk)) }),
  // Of an unknown kind.
  (data, dice) => ({
    ...data,
    messageType: dice.oneOf(['SomethingNew', '', 7, null, '__proto__', 'constructor']),
  }),
  // Nothing of the kind.
  (_data, dice) => dice.oneOf(junk),
];

/** A notification that is as it should be, or is not. */
export function notification(dice: Dice): unknown {
  return dice.oneOf(spoils)(valid(dice), dice);
}

/** Walks into a copy of the data and lets something happen to one of its members. */
function spoilt(
  data: Record<string, unknown>,
  dice: Dice,
  happen: (holder: object, key: string) => unknown,
): unknown {
  const copy = structuredClone(data);
  let holder: object = copy;
  for (;;) {
    const key = dice.oneOf(Object.keys(holder));
    const inner = (holder as Record<string, unknown>)[key];
    if (typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0 || dice.next() < 0.3) {
      happen(holder, key);
      return copy;
    }
    holder = inner;
  }
}
