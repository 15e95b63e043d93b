import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { of } from 'rxjs';
import { z } from 'zod';
import { definePlugin, type Operation } from '../core/index.ts';
import { type FindingKind, findingKinds, masked } from './guard/findings.ts';

const how = z.enum(['mask', 'block', 'allow']);

const options = z.strictObject({
  /**
   * What becomes of a text in which something is found: it is masked, the whole text is not sent, or it is let through.
   * Default: cards, IBANs, secrets and listed words are masked, the rest is allowed.
   */
  card: how.default('mask'),
  iban: how.default('mask'),
  secret: how.default('mask'),
  listed: how.default('mask'),
  email: how.default('allow'),
  phone: how.default('allow'),
  /** English swear words. */
  profanity: how.default('mask'),
  /** Words of your own that must not leave. */
  words: z.array(z.string().min(1)).default([]),
  /** What stands in the place of what is masked. Default: '***'. */
  mask: z.string().default('***'),
  /** Whether what only agents see is looked at too. Default: false. */
  agents: z.boolean().default(false),
});

type Options = z.output<typeof options>;

/**
 * Looks at everything on its way out to the customer, whichever plugin says it: takes out what must not leave, or holds
 * the text back. It is never passed by, and tells what kind of thing it found, not the thing.
 */
export const guard = definePlugin({
  name: 'guard',
  options,
  quarantine: false,
  operation: (given) => {
    const swearing = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });

    return (operation, next, { note }) => {
      const { text, put } = textOf(operation, given);
      if (text === undefined) return next(operation);
      const clean = cleaned(text, given, swearing);
      if (clean.found.length === 0) return next(operation);
      const isBlocked = clean.found.some((kind) => given[kind] === 'block');
      note('guard', { found: clean.found.join(), held: isBlocked });
      if (!isBlocked) return next(put(clean.text));
      const message = `it holds what must not leave: ${clean.found.join()}`;
      return of({ operation, kind: 'suppressed', reason: 'guard', message, attempts: 0 });
    };
  },
});

type Kind = FindingKind | 'profanity';

function cleaned(
  text: string,
  given: Options,
  swearing: RegExpMatcher,
): { readonly text: string; readonly found: readonly Kind[] } {
  const kinds = new Set(findingKinds.filter((kind) => given[kind] !== 'allow'));
  const first = masked(text, kinds, given.words, () => given.mask);
  if (given.profanity === 'allow') return { text: first.text, found: [...first.found] };
  const matches = swearing.getAllMatches(first.text);
  if (matches.length === 0) return { text: first.text, found: [...first.found] };
  // The whole word, and not only what makes it one.
  const clean = first.text.replace(/[^\s.,;:?]+/g, (word, at: number) =>
    matches.some(({ startIndex, endIndex }) => startIndex < at + word.length && endIndex >= at)
      ? given.mask
      : word,
  );
  return { text: clean, found: [...first.found, 'profanity'] };
}

/** The words of an operation, and the operation with other words. */
function textOf(
  operation: Operation,
  { agents }: Options,
): { readonly text: string | undefined; readonly put: (text: string) => Operation } {
  switch (operation.name) {
    case 'sendMessage':
      return { text: operation.text, put: (text) => ({ ...operation, text }) };
    case 'sendToAgents':
      return { text: agents ? operation.text : undefined, put: (text) => ({ ...operation, text }) };
    case 'sendUrl':
      return { text: operation.url, put: (url) => ({ ...operation, url }) };
    case 'sendNotice':
      return {
        text: agents || operation.audience === 'All' ? operation.notice : undefined,
        put: (notice) => ({ ...operation, notice }),
      };
    case 'transfer':
    case 'leave':
    case 'stopProcessing':
      return { text: operation.farewell, put: (farewell) => ({ ...operation, farewell }) };
    default:
      return { text: undefined, put: () => operation };
  }
}
