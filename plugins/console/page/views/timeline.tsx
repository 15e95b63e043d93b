import { signal } from '@preact/signals';
import type { TimelineRow } from '../../wire.ts';
import { useReadingAlong } from '../parts/reading-along.ts';
import { exactTimeOf, took } from '../times.ts';

/** Signs of typing are most of what happens, and least of what matters. */
const withTyping = signal(false);

/** From notification to operation, in the order in which it happened. */
export function Timeline({ rows }: { readonly rows: readonly TimelineRow[] }) {
  const shown = withTyping.value ? rows : rows.filter(({ typing }) => typing !== true);
  const along = useReadingAlong(shown.length);
  return (
    <>
      <header class="happened-head">
        <h2>What happened</h2>
        <label>
          <input
            type="checkbox"
            checked={withTyping.value}
            onChange={({ currentTarget }) => {
              withTyping.value = currentTarget.checked;
            }}
          />
          with typing
        </label>
      </header>
      <div
        class="timeline"
        {...along}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
        tabIndex={0}
        role="log"
        aria-label="Timeline"
      >
        <ol>
          {shown.map((row) => (
            <li key={row.n} class={`happening tone-${row.tone} kind-${row.kind}`}>
              <time>{exactTimeOf(row.at)}</time>
              <div>
                <p class="happening-title">
                  {row.title}
                  {row.plugin !== undefined && <span class="tag">{row.plugin}</span>}
                  {row.took !== undefined && <span class="faint"> {took(row.took)}</span>}
                </p>
                {row.detail !== '' && <p class="happening-detail">{row.detail}</p>}
              </div>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
