import { type Bot, defineBot, experiment } from '../core/index.ts';
import { answers } from '../plugins/answers.ts';
import { autoAccept } from '../plugins/auto-accept.ts';
import { greeter } from '../plugins/greeter.ts';
import { wrapUp } from '../plugins/wrap-up.ts';

/** Which greeting brings more customers to say what they came for? */
export const warmGreeting = experiment({
  key: 'warm-greeting',
  arms: {
    plain: 'Hello. How can I help?',
    warm: 'Hello {FirstName|there}, good to have you here! What can I do for you today?',
  },
  metrics: ['engaged', 'duration'],
  guards: [{ metric: 'abandoned', worse: 'higher', margin: 0.05 }],
  plan: { units: 2_000 },
});

/** Accepts, greets in one of two ways, and answers. An example of an experiment: `npm run demo:experiment`. */
export function greetingExperiment(): Bot {
  return defineBot({
    name: 'greeting-experiment',
    handles: ({ kind }) => kind !== 'consultation',
    plugins: [
      autoAccept(),
      ...warmGreeting.plugins((text) => greeter({ text })),
      answers({
        answers: [{ when: ['opening hours', 'open'], reply: 'We are open Monday to Friday from 8 to 18 h.' }],
        otherwise: 'I am afraid I do not know that.',
      }),
      wrapUp(),
    ],
  });
}
