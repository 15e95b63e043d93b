import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Colours only where stdout is a terminal that wants them (`NO_COLOR`, `FORCE_COLOR`). */
const coloured =
  (format: Format) =>
  (text: string): string =>
    styleText(format, text, { stream: process.stdout });

export const bold = coloured('bold');
export const dim = coloured('dim');
export const red = coloured('red');
export const green = coloured('green');
export const yellow = coloured('yellow');

/** For telling chats apart. */
export const palette = (['cyan', 'magenta', 'yellow', 'blue', 'green'] as const).map(coloured);
