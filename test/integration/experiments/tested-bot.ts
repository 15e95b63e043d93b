import { z } from 'zod';
import {
  type Bot,
  defineBot,
  definePlugin,
  type ExperimentDefinition,
  experiment,
} from '../../../core/index.ts';
import { autoAccept } from '../../../plugins/auto-accept.ts';
import { greeter } from '../../../plugins/greeter.ts';
import { wrapUp } from '../../../plugins/wrap-up.ts';

const arms = { plain: 'Hello', warm: 'Welcome' };

/** Answers each line by its own words, so that every answer tells the arm. */
const echo = definePlugin({
  name: 'echo',
  options: z.strictObject({ word: z.string() }),
  message:
    ({ word }) =>
    ({ text }, { operations }) =>
      text.startsWith('Never mind') ? undefined : operations.sendMessage(`${word}: ${text}`),
});

/** Accepts, greets and answers in the words of its arm. */
export function testedBot(more: Partial<ExperimentDefinition<typeof arms>> = {}): Bot {
  const greeting = experiment({ key: 'greeting', arms, metrics: ['engaged'], ...more });
  return defineBot({
    name: 'tested',
    handles: ({ kind }) => kind !== 'consultation',
    plugins: [
      autoAccept(),
      ...greeting.plugins((word) => [greeter({ text: `${word}!` }), echo({ word })]),
      wrapUp(),
    ],
  });
}
