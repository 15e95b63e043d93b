import { type AnalyticsSink, type ConfigInput, resolveConfig } from 'usher-bots';
import { jsonLinesSink } from 'usher-bots/plugins/analytics/json-lines-sink';
import { describe, expect, it } from 'vitest';
import { receptionist } from '../../bots/receptionist.ts';

const agents = [{ username: 'ada', bots: [receptionist()] }];
const sink: AnalyticsSink = { name: 'nowhere', publish: async () => undefined };

function faults(config: object): string {
  try {
    resolveConfig({ agents, store: 'usher.db', ...config } as ConfigInput);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

describe('analytics in a config', () => {
  it('is a sink and what it may know', () => {
    const analytics = { sink, text: 'own', every: 500 } as const;
    expect(resolveConfig({ agents, store: 'usher.db', analytics }).analytics).toEqual(analytics);
    expect(resolveConfig({ agents, store: 'usher.db' }).analytics).toBeUndefined();
  });

  it('needs a store', () => {
    expect(faults({ analytics: { sink }, store: undefined })).toBe(
      "analytics needs a store, whose outbox events go through: set store to a file, such as 'usher.db', or to the URL of a database",
    );
  });

  it('is refused with what is wrong, and how it is right', () => {
    expect(faults({ analytics: { sink: jsonLinesSink } })).toBe(
      "analytics.sink is a function: call it, as in jsonLinesSink({ file: 'events.jsonl' })",
    );
    expect(faults({ analytics: { sink: { name: 'half' } } })).toBe(
      'analytics.sink: must be a sink, with a name and a publish function',
    );
    expect(faults({ analytics: { sink, text: 'some' } })).toBe(
      "analytics.text: must be true, false, 'redacted', 'own', 'all'",
    );
    expect(faults({ analytics: { sink, every: 0 } })).toMatch(/^analytics\.every: /);
    expect(faults({ analytics: { sink, batch: 9 } })).toBe('analytics.batch is not a known option');
  });
});
