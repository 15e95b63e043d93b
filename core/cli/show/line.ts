import type { ChatPage } from './chat-book.ts';
import { dim, palette } from './colours.ts';

/** One line of the display. */
export interface Line {
  readonly chat: ChatPage | undefined;
  readonly body: string;
  /** The plugin or bot behind it. */
  readonly by?: string | undefined;
}

const nameWidth = 14;

/** Time, customer, what happened, and in brackets who of the bots it was. */
export function lineText({ chat, body, by }: Line, at: number): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  const colour = chat === undefined ? dim : (palette[chat.number % palette.length] ?? dim);
  const name = colour(fitted(chat?.customer ?? '·'));
  return `${dim(time)}  ${name}  ${body}${by === undefined ? '' : dim(`  [${by}]`)}`;
}

/** Exactly as wide as the column, in terminal cells: East Asian letters take two. */
function fitted(name: string): string {
  let width = 0;
  let text = '';
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    const cells =
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Extended_Pictographic}/u.test(
        segment,
      )
        ? 2
        : 1;
    if (width + cells > nameWidth) break;
    width += cells;
    text += segment;
  }
  return text + ' '.repeat(nameWidth - width);
}
