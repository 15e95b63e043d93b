import { concat, EMPTY, type Observable } from 'rxjs';
import { z } from 'zod';
import { definePlugin, fillTemplate, mentions, type Outcome, phrase } from '../core/index.ts';
import { field, valueIn } from './forms/field.ts';

const template = z.string().trim().min(1, 'must not be empty');
const yes = ['yes', 'yep', 'sure', 'correct', 'right', 'ok', 'okay'];

const options = z.strictObject({
  /** Phrases of the customer that begin the form. */
  on: z.array(phrase).min(1, 'is empty: give at least one phrase'),
  /** What is asked for, one after the other. */
  fields: z.array(field).min(1, 'is empty: give at least one field'),
  /** The question whether all is right; `{key}` stands for an answer. Default: it is not asked. */
  confirm: template.optional(),
  /** What counts as a yes. */
  yes: z.array(phrase).default(yes),
  /** What is said when all is there; `{key}` stands for an answer. */
  done: template,
  /** Phrases that end the form before its end. Default: 'cancel', 'stop'. */
  cancel: z.array(phrase).default(['cancel', 'stop']),
  /** What is said then. */
  cancelled: template.default('All right, I stop asking.'),
  /** How often an answer may not fit before a human is asked for. Default: 3. */
  attempts: z.number().int().positive().default(3),
});

const state = z.object({
  /** Which field is being asked for; -1: none, and one beyond the last: whether all is right. */
  at: z.number().default(-1),
  values: z.record(z.string(), z.string()).default({}),
  failures: z.number().default(0),
});

/** Asks for things one by one, checks the answers, has them confirmed, and puts them into the user data. */
export const forms = definePlugin({
  name: 'forms',
  options,
  state,
  message:
    ({ on, fields, confirm, yes: agreed, done, cancel, cancelled, attempts }) =>
    ({ text }, { interaction, operations, state, requestHandOff, note }) => {
      const say = (template: string, values = state.value.values): Observable<Outcome> =>
        operations.sendMessage(fillTemplate(withAnswers(template, values), interaction));
      const ask = (at: number): Observable<unknown> => {
        const next = fields[at];
        if (next !== undefined) return say(next.ask);
        return confirm === undefined ? finish() : say(confirm);
      };
      const finish = (): Observable<unknown> => {
        const { values } = state.value;
        state.set({ at: -1, values: {}, failures: 0 });
        note('form', { fields: fields.length });
        return concat(operations.attachUserData(values), say(done, values));
      };
      const { at, values, failures } = state.value;
      if (at < 0) {
        if (!mentions(text, on)) return undefined;
        state.set({ at: 0, values: {}, failures: 0 });
        return ask(0);
      }
      if (mentions(text, cancel)) {
        state.set({ at: -1, values: {}, failures: 0 });
        return say(cancelled);
      }
      const asked = fields[at];
      if (asked === undefined) {
        if (mentions(text, agreed)) return finish();
        state.set({ at: 0, values: {}, failures: 0 });
        return ask(0);
      }
      const value = valueIn(asked, text);
      if (value !== undefined) {
        state.set({ at: at + 1, values: { ...values, [asked.key]: value }, failures: 0 });
        return ask(at + 1);
      }
      if (failures + 1 < attempts) {
        state.patch({ failures: failures + 1 });
        return say(asked.invalid);
      }
      state.set({ at: -1, values: {}, failures: 0 });
      requestHandOff({ reason: 'form' });
      return EMPTY;
    },
});

function withAnswers(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([^{}|]+)\}/g, (place, name: string) => values[name.trim()] ?? place);
}
