/** What is to be seen of a chat in the server's own transcript. */
export interface Transcript {
  readonly id: string;
  readonly lines: readonly {
    readonly type: string;
    readonly from: { readonly type: string };
    readonly text?: string | undefined;
  }[];
}

export interface Judgement {
  /** Lines of customers. */
  readonly lines: number;
  /** Greetings beyond the first of a chat. */
  readonly doubleGreetings: number;
  /** Lines of customers without an answer, and chats without a greeting. */
  readonly lost: number;
  /** Answers to what was answered already. */
  readonly doubled: number;
  /** Answers to a line that stands before one that was answered earlier. */
  readonly outOfOrder: number;
  /** Each of these in words, with what else is wrong. */
  readonly failures: readonly string[];
}

/** Reads the transcripts of chats that are over: bots greet once, and answer each line by its own words. */
export function judge(transcripts: Iterable<Transcript>): Judgement {
  const judgements = [...transcripts].map(judgeOne);
  const sum = (of: (judgement: Judgement) => number): number =>
    judgements.reduce((total, judgement) => total + of(judgement), 0);
  return {
    lines: sum(({ lines }) => lines),
    doubleGreetings: sum(({ doubleGreetings }) => doubleGreetings),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    failures: judgements.flatMap(({ failures }) => failures),
  };
}

function judgeOne({ id, lines }: Transcript): Judgement {
  const said: { readonly text: string; isAnswered: boolean }[] = [];
  const failures: string[] = [];
  let [greetings, doubled, outOfOrder, latest] = [0, 0, 0, -1];
  for (const { type, from, text = '' } of lines) {
    if (type !== 'Text') continue;
    if (from.type === 'Customer') said.push({ text, isAnswered: false });
    else if (text.startsWith('Hello ')) greetings += 1;
    else {
      const asked = said.findIndex(({ text: own, isAnswered }) => !isAnswered && text === `re: ${own}`);
      const answered = said[asked];
      if (answered === undefined) {
        doubled += 1;
        failures.push(`doubled: “${text}”`);
        continue;
      }
      answered.isAnswered = true;
      if (asked < latest) {
        outOfOrder += 1;
        failures.push(`out of order: “${text}”`);
      }
      latest = Math.max(latest, asked);
    }
  }
  const unanswered = said.filter(({ isAnswered }) => !isAnswered);
  const doubleGreetings = Math.max(0, greetings - 1);
  if (greetings > 1) failures.push(`greeted ${greetings} times`);
  if (greetings === 0) failures.push('lost: the greeting');
  failures.push(...unanswered.map(({ text }) => `lost: the answer to “${text}”`));
  const signs = lines.filter(
    ({ type, from }) => from.type === 'Agent' && /^Typing|^ParticipantLeft$/.test(type),
  );
  if (signs.at(-1)?.type === 'TypingStarted') failures.push('the sign of typing was left on');
  return {
    lines: said.length,
    doubleGreetings,
    lost: unanswered.length + (greetings === 0 ? 1 : 0),
    doubled,
    outOfOrder,
    failures: failures.map((failure) => `${id}: ${failure}`),
  };
}
