import type { JournalEvent } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { Report } from '../../../core/cli/show/report.ts';

describe('the report', () => {
  it('counts problems by their code, and a quarantine as one', () => {
    const report = new Report();
    const events: JournalEvent[] = [
      { kind: 'problem', code: 'USHER_PLUGIN_FAILED', message: 'plugin p failed' },
      { kind: 'problem', code: 'USHER_PLUGIN_FAILED', message: 'plugin p failed' },
      { kind: 'plugin-quarantined', plugin: 'p', reason: 'plugin p failed', until: 60_000 },
      { kind: 'plugin-released', plugin: 'p' },
    ];
    for (const event of events) report.add({ ...event, agent: 'ada', at: 0 });
    expect(report.data().problems).toEqual({ USHER_PLUGIN_FAILED: 2, USHER_PLUGIN_QUARANTINED: 1 });
  });
});
