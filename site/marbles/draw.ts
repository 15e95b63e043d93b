import { escapeHtml } from '../escape.ts';
import type { Mark, Picture, Row } from './parse.ts';

const step = 26;
const rowHeight = 46;
const boxHeight = 36;
const radius = 12;
const gap = 14;
/** Width of a character of the names and of the call, roughly. */
const character = 7.6;

/** A picture of streams as SVG; colours come from the style sheet of the page. */
export function drawPicture(picture: Picture): string {
  const { inputs, call, outputs } = picture;
  const rows = [...inputs, ...outputs];
  const left = Math.max(...rows.map(({ name }) => name.length)) * character + gap;
  const last = Math.max(
    ...rows.flatMap(({ marks }) => marks.map(({ frame }) => frame + widest(marks, frame))),
  );
  const right = left + (last + 2) * step;
  const width = Math.max(right, call.length * character + 2 * gap);
  const boxTop = inputs.length * rowHeight + 4;
  const outputTop = boxTop + boxHeight + 4;
  const drawn = [
    ...inputs.map((row, at) => drawRow(row, at * rowHeight, left, right, picture)),
    `<rect class="call" x="1" y="${boxTop}" width="${round(width - 2)}" height="${boxHeight}" rx="6"/>`,
    `<text class="call" x="${round(width / 2)}" y="${boxTop + boxHeight / 2}">${escapeHtml(call)}</text>`,
    ...outputs.map((row, at) => drawRow(row, outputTop + at * rowHeight, left, right, picture)),
  ];
  const height = outputTop + outputs.length * rowHeight;
  const told = rows.map(({ name, diagram }) => `${name} ${diagram}`).join('; ');
  return `<svg class="marbles" role="img" viewBox="0 0 ${round(width)} ${height}" width="${round(width)}" height="${height}"><title>${escapeHtml(`${call}: ${told}`)}</title>${drawn.join('')}</svg>`;
}

function drawRow({ name, marks }: Row, top: number, left: number, right: number, picture: Picture): string {
  const middle = top + rowHeight / 2;
  const placed = marks.map((mark, at) => {
    const before = marks.slice(0, at).filter(({ frame }) => frame === mark.frame).length;
    return { mark, x: round(left + (mark.frame + 0.6) * step + before * (2 * radius - 4)) };
  });
  const end = placed.find(({ mark }) => typeof mark.value !== 'string');
  // A line up to its end for a stream that has one, an arrow for what goes on.
  const time = end === undefined ? `${round(right - 2)}m-6 -5l6 5l-6 5` : `${end.x}`;
  return [
    `<text class="name" x="0" y="${middle}">${escapeHtml(name)}</text>`,
    `<path class="time" d="M${round(left)} ${middle}H${time}"/>`,
    ...placed.map(({ mark, x }) => drawMark(mark, x, middle, picture)),
  ].join('');
}

function drawMark({ value }: Mark, x: number, y: number, { letters }: Picture): string {
  if (typeof value === 'string') {
    const colour = Object.keys(letters).indexOf(value) % 6;
    const meaning = letters[value] ?? value;
    return `<g class="mark tone${Math.max(colour, 0)}"><title>${escapeHtml(meaning)}</title><circle cx="${x}" cy="${y}" r="${radius}"/><text x="${x}" y="${y}">${escapeHtml(value)}</text></g>`;
  }
  return value.end === 'complete'
    ? `<path class="end" d="M${x} ${y - radius}v${2 * radius}"/>`
    : `<path class="end" d="M${x - 8} ${y - 8}l16 16m0 -16l-16 16"/>`;
}

/** How many characters' room the marks of one moment take beyond their own. */
function widest(marks: readonly Mark[], frame: number): number {
  return marks.filter((mark) => mark.frame === frame).length - 1;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
