import type { LineRow } from '../../wire.ts';
import { useReadingAlong } from '../parts/reading-along.ts';
import { timeOf } from '../times.ts';

export function Transcript({
  lines,
  typing,
}: {
  readonly lines: readonly LineRow[];
  readonly typing: readonly string[];
}) {
  const along = useReadingAlong(`${lines.length} ${typing.length}`);
  return (
    <div
      class="transcript"
      {...along}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
      tabIndex={0}
      role="log"
      aria-label="Transcript"
    >
      {lines.map((line) => (
        <Line key={line.index} line={line} />
      ))}
      {typing.map((name) => (
        <p key={name} class="typing">
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {name} types
        </p>
      ))}
    </div>
  );
}

function Line({ line }: { readonly line: LineRow }) {
  const { type, role, from, text, at, plugin, answers, history, hidden, index } = line;
  if (type === 'ParticipantJoined' || type === 'ParticipantLeft' || type === 'ParticipantRejoined') {
    const did = { ParticipantJoined: 'joined', ParticipantLeft: 'left', ParticipantRejoined: 'came back' }[
      type
    ];
    return (
      <p class="event">
        {from} {did} <time>{timeOf(at)}</time>
      </p>
    );
  }
  const why = [
    plugin === 'human' ? 'said by a human here' : plugin,
    answers === undefined ? undefined : `to line ${answers}`,
    hidden ? 'only agents see it' : undefined,
    history ? 'from before' : undefined,
    type === 'Text' ? undefined : type,
  ].filter((part) => part !== undefined);
  return (
    <article
      class={`line line-${role} ${history ? 'line-history' : ''}`}
      aria-label={`Line ${index} of ${from}`}
    >
      <p class="line-from">
        {from} <time>{timeOf(at)}</time>
      </p>
      <p class="bubble">{text}</p>
      {why.length > 0 && <p class="line-why">{why.join(' · ')}</p>}
    </article>
  );
}
