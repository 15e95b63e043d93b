import type { Simulator } from 'usher-bots/simulator';

/** What the transcripts of all chats come to. */
export interface Verdict {
  readonly chats: number;
  /** Lines that customers wrote. */
  readonly lines: number;
  readonly answers: number;
  readonly greetedTwice: number;
  /** Lines without an answer. */
  readonly lost: number;
  /** Answers that were given before. */
  readonly doubled: number;
  /** Chats whose lines were not answered in their order. */
  readonly outOfOrder: number;
  /** Milliseconds that a customer waited for an answer at most. */
  readonly longestWait: number;
}

/** Every customer was greeted once, and every line answered once and in order. */
export function isClean({ greetedTwice, lost, doubled, outOfOrder }: Verdict): boolean {
  return greetedTwice + lost + doubled + outOfOrder === 0;
}

export interface Line {
  readonly from: 'customer' | 'agent';
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The texts of every chat since the start, in their order. */
export function transcriptsOf(simulator: Simulator): readonly (readonly Line[])[] {
  return [...simulator.chats.values()].map(({ lines }) =>
    lines
      .filter(({ type, from }) => type === 'Text' && ['Customer', 'Agent'].includes(from.type))
      .map(({ from, text = '', at }) => ({ from: from.type === 'Agent' ? 'agent' : 'customer', text, at })),
  );
}

export function verdictOf(transcripts: readonly (readonly Line[])[]): Verdict {
  return transcripts
    .map((lines) => verdictOfOne(lines))
    .reduce(
      (sum, one) => ({
        chats: sum.chats + one.chats,
        lines: sum.lines + one.lines,
        answers: sum.answers + one.answers,
        greetedTwice: sum.greetedTwice + one.greetedTwice,
        lost: sum.lost + one.lost,
        doubled: sum.doubled + one.doubled,
        outOfOrder: sum.outOfOrder + one.outOfOrder,
        longestWait: Math.max(sum.longestWait, one.longestWait),
      }),
      verdictOfOne([], 0),
    );
}

/** Every line of a customer is another one, and an answer repeats it behind `re: `. */
function verdictOfOne(lines: readonly Line[], chats = 1): Verdict {
  const ofAgents = lines.filter(({ from }) => from === 'agent');
  const said = lines.filter(({ from }) => from === 'customer');
  const answers = ofAgents.filter(({ text }) => text.startsWith('re: '));
  const first = new Map<string, Line>();
  for (const answer of answers) {
    const about = answer.text.slice('re: '.length);
    if (!first.has(about)) first.set(about, answer);
  }
  const answered = said.filter(({ text }) => first.has(text));
  const inOrder = [...first.keys()].join('\n') === answered.map(({ text }) => text).join('\n');
  const waits = answered.map(({ text, at }) => (first.get(text)?.at ?? at) - at);
  return {
    chats,
    lines: said.length,
    answers: answers.length,
    greetedTwice: ofAgents.filter(({ text }) => text.startsWith('Hello ')).length > 1 ? 1 : 0,
    lost: said.length - answered.length,
    doubled: answers.length - first.size,
    outOfOrder: inOrder ? 0 : 1,
    longestWait: Math.max(0, ...waits),
  };
}
