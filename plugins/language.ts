import { concat, EMPTY } from 'rxjs';
import { detectAll } from 'tinyld';
import { z } from 'zod';
import { definePlugin, fillTemplate, target } from '../core/index.ts';

const options = z.strictObject({
  /** The languages that come into question, by their codes of two letters (ISO 639-1). */
  languages: z.array(z.string().length(2)).min(2, 'needs two at least'),
  /** How sure it must be, from 0 to 1. Default: 0.3. */
  threshold: z.number().min(0).max(1).default(0.3),
  /** Characters that the customer must have written. Default: 12. */
  shortest: z.number().int().positive().default(12),
  /** The key of the code in the user data. Default: 'Language'. */
  key: z.string().min(1).default('Language'),
  /** Where chats of a language go; those of others stay. Default: all stay. */
  routes: z
    .record(z.string().length(2), z.strictObject({ to: target, say: z.string().trim().min(1).optional() }))
    .default({}),
});

const state = z.object({
  /** What the customer has written so far. */
  text: z.string().default(''),
  language: z.string().optional(),
});

/** Finds out in which language the customer writes, once in a chat, notes it, and routes the chat by it. */
export const language = definePlugin({
  name: 'language',
  options,
  state,
  message:
    ({ languages, threshold, shortest, key, routes }) =>
    (line, { interaction, operations, state, note }) => {
      if (state.value.language !== undefined) return undefined;
      const text = `${state.value.text} ${line.text}`.trim().slice(-1_000);
      state.patch({ text });
      if (text.length < shortest) return undefined;
      const [best] = detectAll(text, { only: [...languages] });
      if (best === undefined || best.accuracy < threshold) return undefined;
      state.set({ text: '', language: best.lang });
      note('language', { language: best.lang });
      const route = routes[best.lang];
      return concat(
        operations.attachUserData({ [key]: best.lang }),
        route?.say === undefined ? EMPTY : operations.sendMessage(fillTemplate(route.say, interaction)),
        route === undefined ? EMPTY : operations.transfer(route.to, { once: 'language' }),
      );
    },
});
