import { readFileSync } from 'node:fs';
import { defer, ignoreElements, map, NEVER, type Observable, Subject, timer } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import {
  colleagueJoined,
  colleagueSpeaks,
  customerLeft,
  customerMessages,
  type Interaction,
  type Lane,
  type Message,
  type Participant,
  whenState,
} from 'usher-bots';
import { people, testAgent } from 'usher-bots/testing';
import { describe, expect, it } from 'vitest';
import { inLane } from '../../core/bot/lane.ts';
import { drawPicture } from '../../site/marbles/draw.ts';
import { type Picture, parsePicture } from '../../site/marbles/parse.ts';
import { blocks } from '../docs/markdown.ts';

const pictures = blocks('marbles', readFileSync('docs/operators.md', 'utf8')).map(parsePicture);
const { agent, customer, colleague } = people;
const run = (test: (helpers: RunHelpers) => void): void =>
  new TestScheduler((real, drawn) => expect(real).toEqual(drawn)).run(test);

/** The rows of participants in the pictures, by what their letters stand for. */
const lists: Readonly<Record<string, readonly Participant[]>> = {
  'agent and customer': [agent, customer],
  'agent and customer and Cora': [agent, customer, colleague],
  'the agent alone': [agent],
  'an empty list': [],
};

const said = (from: Participant, members: Partial<Message> = {}): Message => ({
  index: 1,
  type: 'Text',
  from,
  text: 'Hello',
  visibility: 'All',
  history: false,
  replayed: false,
  own: from === agent,
  ...members,
});

const lines: Readonly<Record<string, Message>> = {
  'the customer': said(customer),
  'the customer, before the agent joined': said(customer, { history: true }),
  'the agent': said(agent),
  'a colleague': said(colleague),
  'a colleague, to agents only': said(colleague, { visibility: 'Agents' }),
};

/** What each call in the pictures is, and what its letters stand for in its result. */
const operators: Readonly<
  Record<
    string,
    readonly [(interaction: Interaction) => Observable<unknown>, Readonly<Record<string, unknown>>]
  >
> = {
  "whenState(interaction, 'Chatting')": [(chat) => whenState(chat, 'Chatting'), {}],
  'customerMessages(interaction)': [(chat) => customerMessages(chat), lines],
  'customerMessages(interaction, { history: true })': [
    (chat) => customerMessages(chat, { history: true }),
    lines,
  ],
  'customerLeft(interaction)': [(chat) => customerLeft(chat), { 'that the customer has left': undefined }],
  'colleagueJoined(interaction)': [(chat) => colleagueJoined(chat), { Cora: colleague }],
  'colleagueSpeaks(interaction)': [(chat) => colleagueSpeaks(chat), lines],
};

const streams: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  state$: {},
  messages$: lines,
  participants$: lists,
};

/** The values of the letters: what their meaning is in the table, or else the meaning itself. */
function valuesOf(
  { letters }: Picture,
  meanings: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(letters).map(([letter, meaning]) => [
      letter,
      Object.hasOwn(meanings, meaning) ? meanings[meaning] : meaning,
    ]),
  );
}

const lanes = pictures.filter(({ call }) => call.startsWith('lane: '));

describe('the pictures of operators', () => {
  const drawn = pictures.filter(({ call }) => !call.startsWith('lane: '));

  it('are of every operator', () => {
    expect(new Set(drawn.map(({ call }) => call))).toEqual(new Set(Object.keys(operators)));
  });

  it.each(drawn)('show what $call does', (picture) => {
    const [operator, results] = operators[picture.call] ?? [];
    if (operator === undefined) throw new Error(`nobody knows ${picture.call}`);
    run(({ hot, expectObservable }) => {
      const given = picture.inputs.map(({ name, diagram }) => [
        name,
        hot(diagram, valuesOf(picture, streams[name] ?? {})),
      ]);
      const chat = { agent: testAgent, resumed: false, messages$: NEVER, participants$: NEVER };
      const out$ = operator({ ...chat, ...Object.fromEntries(given) } as unknown as Interaction);
      for (const { diagram } of picture.outputs)
        expectObservable(out$).toBe(diagram, valuesOf(picture, results ?? {}));
    });
  });
});

describe('the pictures of lanes', () => {
  const kinds: Readonly<Record<string, Lane>> = {
    "lane: 'serial'": 'serial',
    "lane: 'latest'": 'latest',
    'lane: { debounce: 3 }': { debounce: 3 },
    "lane: 'coalesce'": 'coalesce',
    'lane: { parallel: 2 }': { parallel: 2 },
  };

  it('are of every lane', () => {
    expect(lanes.map(({ call }) => call)).toEqual(Object.keys(kinds));
  });

  it.each(lanes)('show what $call does', (picture) => {
    const lane = kinds[picture.call] ?? 'serial';
    const letterOf = (texts: readonly string[]): string => {
      const together = `${texts.join(' and ')} together`;
      return texts.length === 1
        ? (texts[0] ?? '')
        : (Object.entries(picture.letters).find(([, meaning]) => meaning === together)?.[0] ?? together);
    };
    run(({ hot, expectObservable }) => {
      const [input] = picture.inputs;
      const lines$ = hot(input?.diagram ?? '').pipe(map((text) => said(customer, { text })));
      const begins$ = new Subject<string>();
      const ends$ = new Subject<string>();
      const work$ = inLane(lines$, lane, {
        onSuperseded: () => undefined,
        onFull: () => undefined,
        handle: (given) => {
          const letter = letterOf(given.map(({ text }) => text));
          return defer(() => {
            begins$.next(letter);
            return timer(4).pipe(
              map(() => ends$.next(letter)),
              ignoreElements(),
            );
          });
        },
      });
      const [begins, ends] = picture.outputs;
      expectObservable(begins$).toBe(begins?.diagram ?? '');
      expectObservable(ends$).toBe(ends?.diagram ?? '');
      expectObservable(work$).toBe('');
    });
  });
});

describe('a picture of marbles', () => {
  const picture = parsePicture(
    'state$  i--(cd)-|\n> f(<chat>)\nout$  --i#\nwhere i is Invited, c is a, b, d is e',
  );

  it('is read: rows, the call, and what letters stand for', () => {
    expect(picture.letters).toEqual({ i: 'Invited', c: 'a, b', d: 'e' });
    expect(picture.inputs[0]?.marks).toEqual([
      { frame: 0, value: 'i' },
      { frame: 3, value: 'c' },
      { frame: 3, value: 'd' },
      { frame: 8, value: { end: 'complete' } },
    ]);
    expect(picture.outputs[0]?.marks.at(-1)).toEqual({ frame: 3, value: { end: 'error' } });
  });

  it('is drawn: a circle for each marble, an end, and a text for those who do not see it', () => {
    const svg = drawPicture(picture);
    expect(svg.match(/<circle /g)).toHaveLength(4);
    expect(svg.match(/class="end"/g)).toHaveLength(2);
    expect(svg).toContain('<title>f(&lt;chat&gt;): state$ i--(cd)-|; out$ --i#</title>');
  });

  it.each([
    ['state$ i-c', /without a line that begins with >/],
    ['> f\nrow', /no row of marbles: row/],
    ['> f\nwhere nothing', /what a letter stands for cannot be read/],
  ])('that cannot be read is refused: %j', (text, message) => {
    expect(() => parsePicture(text)).toThrow(message);
  });
});
