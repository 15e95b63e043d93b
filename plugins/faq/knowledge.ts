import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import MiniSearch from 'minisearch';
import { plainText, sectionsOf } from './sections.ts';

/** One thing that is known. */
export interface Section {
  readonly title: string;
  /** Plain text. */
  readonly text: string;
  /** Where it stands: a path, or what the author calls it. */
  readonly source: string;
}

export interface Found {
  readonly section: Section;
  /** How sure it is that this is what was asked for, from 0 to 1: which part of the question's words it holds. */
  readonly certainty: number;
}

/** Words that say nothing of what is asked for. */
const ordinary = new Set(
  `a about an and any are as at be but by can could do does for from get give has have hello hi how i if in is it know like may me my
  need of on or our please should so some tell
  that the their them there they this to was we what when where which who why will with would you your`.split(
    /\s+/,
  ),
);
/** Words of a title count more than words of the text. */
const boost = { title: 3, text: 1 };

/** What stands in Markdown files, and what is given beside them, searchable. */
export class Knowledge {
  readonly #sections: readonly Section[];
  readonly #index: MiniSearch<Section & { id: number }>;

  constructor(sections: readonly Section[]) {
    this.#sections = sections;
    this.#index = new MiniSearch({
      fields: ['title', 'text'],
      processTerm: (term) => {
        const word = term.toLowerCase();
        return ordinary.has(word) ? null : word;
      },
      searchOptions: {
        boost,
        prefix: (term) => term.length > 3,
        fuzzy: (term) => (term.length > 5 ? 0.2 : false),
        combineWith: 'OR',
      },
    });
    this.#index.addAll(sections.map((section, id) => ({ ...section, id })));
  }

  get size(): number {
    return this.#sections.length;
  }

  /** The best sections for a question, best first. */
  search(question: string, most = 3): readonly Found[] {
    const asked = new Set(
      (question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !ordinary.has(word)),
    );
    if (asked.size === 0) return [];
    return this.#index
      .search(question)
      .flatMap(({ id, queryTerms }) => {
        const section = this.#sections[Number(id)];
        const held = queryTerms.filter((term) => asked.has(term)).length;
        return section === undefined ? [] : [{ section, certainty: held / asked.size }];
      })
      .sort((one, other) => other.certainty - one.certainty)
      .slice(0, most);
  }
}

/**
 * Reads Markdown files, and those in folders, section by section: a heading and what stands below it.
 *
 * @throws Error that names the path which cannot be read, or in which nothing stands.
 */
export function openKnowledge(paths: readonly string[], entries: readonly Section[] = []): Knowledge {
  const read = paths.flatMap(markdownIn).flatMap((path) => {
    const sections = sectionsOf(readFileSync(path, 'utf8'), basename(path, '.md'));
    return sections.map(({ title, text }) => ({ title, text, source: path }));
  });
  const given = entries.map((entry) => ({ ...entry, text: plainText(entry.text) }));
  return new Knowledge([...read, ...given]);
}

function markdownIn(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  if (files.length === 0) throw new Error(`${path} holds no .md file`);
  return files.sort().map((name) => join(path, name));
}
