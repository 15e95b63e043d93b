import { concat, defer, EMPTY, type Observable } from 'rxjs';
import { z } from 'zod';
import { definePlugin, fillTemplate, mentions, phrase, target } from '../core/index.ts';

const template = z.string().trim().min(1, 'must not be empty');

const options = z.strictObject({
  /** The first rule of which a phrase occurs in what the customer writes is carried out, in the order of its members. */
  rules: z
    .array(
      z.strictObject({
        when: z.union([phrase.transform((one) => [one]), z.array(phrase).min(1)]),
        /** A template over user data and agent. */
        say: template.optional(),
        attach: z.record(z.string(), template).optional(),
        disposition: z.string().min(1).optional(),
        /** In one step, for good. */
        transfer: target.optional(),
        /** Asks for a human; the bot must have a plugin for that, as `hand-off`. */
        handOff: z.boolean().default(false),
        /** Ends the agent's work on the chat. */
        finish: z.boolean().default(false),
        /** Carried out again when it occurs again. Default: once in a chat. */
        repeat: z.boolean().default(false),
      }),
    )
    .min(1, 'is empty: give at least one rule'),
});

const state = z.object({
  /** The numbers of the rules that were carried out. */
  done: z.array(z.number()).default([]),
});

/** Does what its rules say when the customer uses certain words. */
export const keywords = definePlugin({
  name: 'keywords',
  options,
  state,
  message:
    ({ rules }) =>
    ({ text }, { interaction, operations, state, requestHandOff }) => {
      const at = rules.findIndex(
        ({ when, repeat }, nth) => mentions(text, when) && (repeat || !state.value.done.includes(nth)),
      );
      const rule = rules[at];
      if (rule === undefined) return undefined;
      state.patch({ done: [...new Set([...state.value.done, at])] });
      const { say, attach, disposition, transfer, handOff, finish } = rule;
      const filled = (template: string): string => fillTemplate(template, interaction);
      const steps: Observable<unknown>[] = [
        say === undefined ? EMPTY : operations.sendMessage(filled(say)),
        attach === undefined
          ? EMPTY
          : operations.attachUserData(
              Object.fromEntries(Object.entries(attach).map(([key, value]) => [key, filled(value)])),
            ),
        disposition === undefined ? EMPTY : operations.setDisposition(disposition),
        transfer === undefined ? EMPTY : operations.transfer(transfer),
        defer(() => {
          if (handOff) requestHandOff({ reason: 'keyword' });
          return EMPTY;
        }),
        finish ? operations.stopProcessing() : EMPTY,
      ];
      return concat(...steps);
    },
});
