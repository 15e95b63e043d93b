import { useRef, useState } from 'preact/hooks';
import type { CustomerRow } from '../../wire.ts';
import { after } from '../clock.ts';
import { useReadingAlong } from '../parts/reading-along.ts';
import { act } from '../session.ts';
import { timeOf } from '../times.ts';

/** Milliseconds without a key after which the customer has stopped typing. */
const pause = 2_000;

/** A chat as its customer has it. */
export function CustomerPane({
  customer,
  isChosen,
  onChoose,
  onAgain,
}: {
  readonly customer: CustomerRow;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onAgain: (chatId: string) => void;
}) {
  const { chatId, name, gone, lines } = customer;
  const along = useReadingAlong(lines.length);
  const typing = typingNow(lines);
  return (
    <article class={`pane ${isChosen ? 'pane-chosen' : ''}`} aria-label={`${name}'s chat`}>
      <header>
        <button type="button" class="pane-name" aria-pressed={isChosen} onClick={onChoose}>
          {name}
          <span class="faint"> {gone ? 'has left' : 'customer'}</span>
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={`Replay ${name}`}
          title="Another customer who says the same at the same pace"
          onClick={async () => {
            const answer = await act({ do: 'customer-again', chatId });
            if (answer.chatId !== undefined) onAgain(answer.chatId);
          }}
        >
          Replay
        </button>
        {!gone && (
          <button
            type="button"
            class="quiet"
            aria-label={`Leave as ${name}`}
            onClick={() => void act({ do: 'customer-leaves', chatId }, true)}
          >
            Leave
          </button>
        )}
      </header>
      <div
        class="pane-lines"
        {...along}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
        tabIndex={0}
        role="log"
        aria-label={`What ${name} sees`}
      >
        {lines.filter(isSeen).map((line, at) => (
          <SeenLine key={`${line.at} ${at}`} line={line} />
        ))}
        {typing !== undefined && <p class="typing">{typing} types …</p>}
      </div>
      {!gone && <Words chatId={chatId} name={name} onChoose={onChoose} />}
    </article>
  );
}

function Words({
  chatId,
  name,
  onChoose,
}: {
  readonly chatId: string;
  readonly name: string;
  readonly onChoose: () => void;
}) {
  const [text, setText] = useState('');
  const types = useRef(false);
  const stop = useRef<() => void>(() => undefined);
  const show = (typing: boolean): void => {
    if (types.current === typing) return;
    types.current = typing;
    void act({ do: 'customer-types', chatId, typing }, true);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        stop.current();
        show(false);
        setText('');
        void act({ do: 'customer-says', chatId, text }, true);
      }}
    >
      <input
        aria-label={`${name} writes`}
        placeholder={`Write as ${name}`}
        maxLength={4_000}
        autocomplete="off"
        value={text}
        onFocus={onChoose}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          show(currentTarget.value !== '');
          stop.current();
          stop.current = after(pause, () => show(false));
        }}
      />
      <button type="submit" aria-label={`Send as ${name}`}>
        Send
      </button>
    </form>
  );
}

type Seen = CustomerRow['lines'][number];

function SeenLine({ line: { type, from, text, own, at } }: { readonly line: Seen }) {
  if (type === 'ParticipantJoined' || type === 'ParticipantLeft')
    return (
      <p class="event">
        {from} {type === 'ParticipantJoined' ? 'joined' : 'left'}
      </p>
    );
  return (
    <div class={`line ${own ? 'line-bot' : 'line-customer'}`}>
      <p class="line-from">
        {own ? 'You' : from} <time>{timeOf(at)}</time>
      </p>
      <p class="bubble">{text}</p>
    </div>
  );
}

function isSeen({ type }: Seen): boolean {
  return !type.startsWith('Typing');
}

/** The agent who has begun to type and has not stopped, nor said anything since. */
function typingNow(lines: readonly Seen[]): string | undefined {
  const last = lines.filter(({ own }) => !own).at(-1);
  return last?.type === 'TypingStarted' ? last.from : undefined;
}
