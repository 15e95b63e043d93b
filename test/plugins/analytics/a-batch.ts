import type { AnalyticsBatch } from 'usher-bots';

/** A batch of so many events of one chat. */
export function aBatch(nth: number, count = 2, more: object = {}): AnalyticsBatch {
  const id = `5e1f-0-${nth}`;
  return {
    id,
    events: Array.from({ length: count }, (_, at) => ({
      v: 1,
      id: `${id}-${at}`,
      at: 1_790_000_000_000,
      agent: 'ada',
      interactionId: 'chat-1',
      kind: 'exposed',
      experiment: 'greeting',
      arm: 'warm',
      ...more,
    })),
  };
}
