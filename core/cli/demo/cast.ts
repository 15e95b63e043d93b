import type { CustomerScript, SimulatedAgent } from '../../../simulator/index.ts';

/** The human colleague of the demo. bots.config.ts names her by this id. */
export const colleague: SimulatedAgent = {
  username: 'cora',
  password: 'not-used-by-anybody',
  id: 'c0ab1a4e5d2f4b7c9e8a3f6d1c0b2a49',
  firstName: 'Cora',
  lastName: 'Blake',
  skills: ['Cards'],
  capacity: 20,
  human: {
    acceptAfter: 1_200,
    says: ['Hi, this is Cora. I have read your chat and take care of it now.'],
    leaveAfter: 4_000,
  },
};

/** The customers of the demo and what they came for; each is served if every expectation is met. */
export const cast: readonly CustomerScript[] = [
  {
    firstName: 'Mia',
    lastName: 'Kerr',
    subject: 'Opening hours',
    steps: [
      { expect: /Hello Mia/ },
      { pause: 700 },
      { type: 900 },
      { say: 'Hi Ada! What are your opening hours?' },
      { expect: /Monday to Friday/ },
      { pause: 1_200 },
      { say: 'Great, thank you' },
      { expect: /You are welcome, Mia/ },
      { leave: true },
    ],
  },
  {
    firstName: 'Jonas',
    lastName: 'Weber',
    subject: 'Card blocked',
    steps: [
      { expect: /Hello Jonas/ },
      { pause: 900 },
      { say: 'My card is blocked. Can I speak to a human?' },
      { expect: /ask a colleague/ },
      { expectAgent: 'Cora' },
      { expect: /this is Cora/, from: 'Cora' },
      { pause: 600 },
      { say: 'Thank you, Cora.' },
      { leave: true },
    ],
  },
  {
    firstName: '愛子',
    lastName: '田中',
    subject: 'Saturday',
    steps: [
      { say: 'こんにちは 👋' },
      { expect: /Hello 愛子/ },
      { pause: 1_000 },
      { say: 'Are you open on Saturday? 🙂' },
      { expect: /Saturday from 9 to 13/ },
      { leave: true },
    ],
  },
  {
    firstName: 'Ben',
    lastName: 'Okafor',
    subject: 'Just looking',
    steps: [{ expect: /Hello Ben/ }, { pause: 2_500 }, { leave: true }],
  },
];
