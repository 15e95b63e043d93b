import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { circumstancesNow } from '../../bench/circumstances.ts';
import { fleetReport } from '../../bench/fleet/fleet-report.ts';
import { fleetTrial } from '../../bench/fleet/fleet-trial.ts';
import { sharedServer } from '../postgres/shared-server.ts';

const run = promisify(execFile);
const bench = (...flags: string[]) =>
  run(process.execPath, ['--conditions=usher-source', 'bench/cli.ts', ...flags]);

describe('the bench of fleets', () => {
  it('measures workers that share agents, and what they cost', { timeout: 120_000 }, async () => {
    const server = await sharedServer(inject('postgres'));
    const load = { kind: 'closed', rate: 0, duration: 3_000 } as const;
    const trial = { entrant: { kind: 'fleet', workers: 1 }, agents: 2, chats: 1, load } as const;
    const result = await fleetTrial(trial, server);
    expect(result.operationsPerSecond).toBeGreaterThan(0);
    expect(result.p99).toBeGreaterThanOrEqual(result.p50);
    expect(result.rss).toBeGreaterThan(result.heap);
    expect(result.commitsPerOperation).toBeGreaterThanOrEqual(0);
    expect(result.busy.workers).toBeGreaterThan(0);

    const row = { contender: 'fleet', ...result } as const;
    const twice = { ...result, operationsPerSecond: result.operationsPerSecond * 2 };
    const text = fleetReport(
      {
        slope: [{ ...row, agents: 4, rssPerAgent: 2_048, heapPerAgent: 1_024, loginsPerSecond: 7 }],
        sharing: [
          { ...row, workers: 1 },
          { ...row, ...twice, workers: 2 },
        ],
        settings: { rate: 100, shared: 4, seconds: 1 },
      },
      circumstancesNow(),
    );
    expect(text).toMatch(/^\| 2 \| fleet \| \d+ \(2\.00×\)/m);
    const columns = text.match(/^\|.*$/gm)?.map((line) => line.split('|').length) ?? [];
    expect(new Set(columns.slice(0, 3)).size).toBe(1);
    expect(new Set(columns.slice(3)).size).toBe(1);
  });

  it('refuses what it cannot take', async () => {
    const refused = (flags: string[]) => expect(bench(...flags)).rejects;
    await refused(['fleet', '--workers', '1,few']).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--workers must be a whole'),
    });
    await refused(['capacity', '--busy-at-most', '0']).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--busy-at-most must be'),
    });
  });
});

describe('the reckoning of sizes', () => {
  it('takes figures of one’s own', async () => {
    const { stdout } = await bench('capacity', '--agents', '500', '--chats-per-agent', '3');
    expect(stdout).toMatch(/^\| 500 \| 1,500 \| 75 \|/m);
  });
});
