import { type Bot, defineBot, type Phrase } from '../core/index.ts';
import { answers } from '../plugins/answers.ts';
import { autoAccept } from '../plugins/auto-accept.ts';
import { greeter } from '../plugins/greeter.ts';
import { handOff } from '../plugins/hand-off.ts';
import { typing } from '../plugins/typing.ts';
import { wrapUp } from '../plugins/wrap-up.ts';

export interface ReceptionistOptions {
  /** A template over user data and agent. */
  readonly greeting?: string;
  /** What the bot answers by itself; the first entry that fits. */
  readonly answers?: readonly { readonly when: Phrase | Phrase[]; readonly reply: string }[];
  /** The colleague who is consulted, by GWS user id. Default: nobody. */
  readonly colleague?: string;
  /** Phrases that call for the colleague. */
  readonly consultOn?: Phrase[];
  /** Milliseconds to wait for the colleague. Default: 30,000. */
  readonly patience?: number;
  /** How many chats at a time. Default: no limit but that of GWS. */
  readonly capacity?: number;
  /** How fast it seems to type. Default: like a quick person. */
  readonly pace?: {
    readonly charactersPerSecond?: number;
    readonly minimum?: number;
    readonly maximum?: number;
  };
}

const ordinaryAnswers: NonNullable<ReceptionistOptions['answers']> = [
  {
    when: ['opening hours', 'open', 'closed'],
    reply: 'We are open Monday to Friday from 8 to 18 h, and on Saturday from 9 to 13 h.',
  },
  { when: ['thanks', 'thank you'], reply: 'You are welcome, {FirstName|dear customer}. Have a nice day!' },
];

/** Accepts, greets, types like a person, answers what it knows, and fetches a colleague for the rest. */
export function receptionist({
  greeting = 'Hello {FirstName|there}, I am {agent.nickname}. How can I help you?',
  answers: known = ordinaryAnswers,
  colleague,
  consultOn = ['agent', 'colleague', 'human', 'person'],
  patience,
  capacity,
  pace = {},
}: ReceptionistOptions = {}): Bot {
  return defineBot({
    name: 'receptionist',
    handles: ({ kind }) => kind !== 'consultation',
    plugins: [
      autoAccept({ capacity }),
      greeter({ text: greeting }),
      typing(pace),
      known.length > 0 && answers({ answers: known.map(({ when, reply }) => ({ when, reply })) }),
      colleague !== undefined &&
        handOff({
          to: { agentId: colleague },
          on: consultOn,
          within: patience,
          onDrain: true,
          texts: {
            requested: 'One moment please, I will ask a colleague to join us.',
            accepted: 'My colleague takes over now. Goodbye, {FirstName|and thank you}!',
          },
          fallback: {
            text: 'I am sorry, none of my colleagues is free right now. What else can I do for you?',
          },
        }),
      wrapUp(),
    ],
  });
}
