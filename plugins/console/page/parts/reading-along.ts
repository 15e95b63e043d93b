import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Pixels from the end at which one is taken to read along. */
const near = 120;

/** For what scrolls and grows at its end: it goes along as long as one has not scrolled away. `grown`: how far it is. */
export function useReadingAlong(grown: string | number): {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly onScroll: () => void;
} {
  const ref = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const { current } = ref;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [grown]);
  const onScroll = (): void => {
    const { current } = ref;
    if (current !== null)
      isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < near;
  };
  return { ref, onScroll };
}
