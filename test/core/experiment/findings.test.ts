import { describe, expect, it } from 'vitest';
import { Findings } from '../../../core/experiment/findings.ts';
import { MemoryRecords } from '../../../core/experiment/memory-records.ts';
import { keys } from '../../../core/experiment/records.ts';
import { turn } from '../../../core/experiment/switches.ts';
import { experiment } from '../../../core/index.ts';
import type { OnceEntry } from '../../../core/store/store.ts';

const greeting = experiment({ key: 'greeting', arms: { plain: 'Hello!', warm: 'Hi!' } });

/** Counts how often all chats are read, which takes as long as the test says. */
class CountedRecords extends MemoryRecords {
  readings = 0;
  onRead: () => void = () => undefined;

  override async *kept(prefix: string): AsyncGenerator<OnceEntry, void> {
    if (prefix === keys.chats('greeting')) {
      this.readings += 1;
      this.onRead();
    }
    yield* super.kept(prefix);
  }
}

function world() {
  const records = new CountedRecords();
  const clock = { time: 0, now: () => clock.time };
  const exposed = { arm: 'plain', unit: 'u', reason: 'split', at: 0, agent: 'ada' };
  const chat = (id: string) =>
    records.keep([{ key: keys.chat('greeting', id), body: { ...exposed, unit: id } }]);
  return { records, clock, chat, findings: new Findings(records, clock) };
}

describe('findings', () => {
  it('are read once for all who look within some seconds, and then anew', async () => {
    const { records, clock, chat, findings } = world();
    await chat('one');
    const looks = await Promise.all([1, 2, 3].map(() => findings.report(greeting)));
    await findings.history(greeting);
    expect(looks.map(({ units }) => units)).toEqual([1, 1, 1]);
    expect(records.readings).toBe(1);
    await chat('two');
    clock.time = 4_999;
    expect((await findings.report(greeting)).units).toBe(1);
    clock.time = 5_000;
    await Promise.all([1, 2, 3].map(() => findings.report(greeting)));
    expect((await findings.report(greeting)).units).toBe(2);
    expect(records.readings).toBe(2);
  });

  it('tell at once that the experiment is stopped', async () => {
    const { records, findings } = world();
    expect(await findings.report(greeting)).not.toHaveProperty('stopped');
    await turn(records, 'greeting', { stopped: true, reason: 'complaints', at: 1 });
    expect((await findings.report(greeting)).stopped).toMatchObject({ reason: 'complaints' });
    expect(records.readings).toBe(1);
  });

  it('that take long to make are made seldom', async () => {
    const { records, clock, findings } = world();
    records.onRead = () => {
      clock.time += 3_000;
    };
    await findings.report(greeting);
    clock.time = 3_000 + 59_999;
    await findings.report(greeting);
    expect(records.readings).toBe(1);
    clock.time = 3_000 + 60_000;
    await findings.report(greeting);
    expect(records.readings).toBe(2);
  });

  it('that could not be made are tried again', async () => {
    const { records, findings } = world();
    records.onRead = () => {
      throw new Error('the disk is gone');
    };
    await expect(findings.report(greeting)).rejects.toThrow('the disk is gone');
    records.onRead = () => undefined;
    expect(await findings.report(greeting)).toMatchObject({ units: 0 });
  });
});
