import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

export interface VirtualListProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Pixels of each row. */
  readonly height: number;
  readonly selected: string | undefined;
  readonly onSelect: (row: Row) => void;
  readonly children: (row: Row) => ComponentChildren;
}

/** A list of which only the rows in sight are in the page: it may hold thousands. Arrows, Home and End move in it. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { label, rows, keyOf, height, selected, onSelect, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [, repaint] = useReducer((count: number) => count + 1, 0);
  const options: VirtualizerOptions<HTMLDivElement, Element> = {
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => keyOf(rows[index] as Row),
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => repaint(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  const at = selected === undefined ? -1 : rows.findIndex((row) => keyOf(row) === selected);

  const move = (event: KeyboardEvent): void => {
    const last = rows.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: at + 10, PageUp: at - 10 }[
      event.key
    ];
    if (to === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), last);
    virtualizer.scrollToIndex(next);
    onSelect(rows[next] as Row);
  };
  const items = virtualizer.getVirtualItems();
  const isInSight = items.some(({ index }) => index === at);

  return (
    <div
      class="virtual"
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isInSight ? optionId(label, at) : undefined}
      onKeyDown={move}
    >
      <div class="virtual-length" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index] as Row;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list.
            <div
              key={key}
              id={optionId(label, index)}
              class="virtual-row"
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              aria-posinset={index + 1}
              aria-setsize={rows.length}
              style={{ height: `${height}px`, transform: `translateY(${start}px)` }}
              onClick={() => onSelect(row)}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function optionId(label: string, index: number): string {
  return `${label.toLowerCase().replaceAll(' ', '-')}-${index}`;
}
