import { z } from 'zod';
import { definePlugin, fillTemplate } from '../core/index.ts';
import { type Found, type Knowledge, openKnowledge } from './faq/knowledge.ts';

export { type Found, type Knowledge, openKnowledge, type Section } from './faq/knowledge.ts';

const template = z.string().trim().min(1, 'must not be empty');

const options = z
  .strictObject({
    /** Markdown files, or folders of them, from the working directory. */
    files: z.array(z.string().min(1)).default([]),
    /** What is known beside them. */
    entries: z
      .array(z.strictObject({ title: template, text: template, source: z.string().default('') }))
      .default([]),
    /** How sure it must be, from 0 to 1: the part of the question's words that the answer holds. Default: 0.6. */
    threshold: z.number().min(0).max(1).default(0.6),
    /** What is said: `{text}`, `{title}` and `{source}` stand for the section's. Default: text and title. */
    answer: template.default('{text}\n(From: {title})'),
    /** Characters of the text that are said at most. Default: 800. */
    longest: z.number().int().positive().default(800),
    /** What is said when it does not know. Default: nothing, the next plugin may know. */
    otherwise: template.optional(),
  })
  .transform((given, context) => {
    try {
      const knowledge = openKnowledge(given.files, given.entries);
      if (knowledge.size > 0) return { ...given, knowledge };
      context.addIssue('knows nothing: name files, or give entries');
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      context.addIssue({ code: 'custom', path: ['files'], message });
    }
    return z.NEVER;
  });

/** Answers questions from Markdown files, with their source; says when it does not know, or leaves it to others. */
export const faq = definePlugin({
  name: 'faq',
  options,
  message:
    ({ knowledge, threshold, answer, longest, otherwise }) =>
    ({ text }, { interaction, operations, note }) => {
      const found = best(knowledge, text, threshold);
      note('faq', { known: found !== undefined, ...(found && { source: found.section.source }) });
      if (found !== undefined) return operations.sendMessage(worded(answer, found, longest));
      return otherwise === undefined
        ? undefined
        : operations.sendMessage(fillTemplate(otherwise, interaction));
    },
});

function best(knowledge: Knowledge, question: string, threshold: number): Found | undefined {
  return knowledge.search(question, 1).find(({ certainty }) => certainty >= threshold);
}

function worded(template: string, { section }: Found, longest: number): string {
  const { title, source } = section;
  const text = section.text.length > longest ? `${section.text.slice(0, longest - 1)}…` : section.text;
  const places: Readonly<Record<string, string>> = { text, title, source };
  return template.replace(/\{(text|title|source)\}/g, (_place, name: string) => places[name] ?? '');
}
