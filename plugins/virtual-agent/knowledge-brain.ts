import type { Knowledge } from '../faq/knowledge.ts';
import type { Brain } from './brain.ts';

export interface KnowledgeBrainOptions {
  /** What is known: `openKnowledge(['faq.md'])` of `usher-bots/plugins/faq`. */
  readonly knowledge: Knowledge;
  /** How sure it must be, from 0 to 1. Default: 0.6. */
  readonly threshold?: number;
}

/** Answers from Markdown files, with their source; unsure where they hold nothing. For `firstOfBrains`. */
export function knowledgeBrain({ knowledge, threshold = 0.6 }: KnowledgeBrainOptions): Brain {
  return async function* ({ lines }) {
    const [found] = knowledge.search(lines.join(' '), 1);
    if (found === undefined || found.certainty < threshold) yield { kind: 'unsure' };
    else yield { kind: 'text', text: `${found.section.text}\n(From: ${found.section.title})` };
  };
}
