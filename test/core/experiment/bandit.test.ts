import { describe, expect, it } from 'vitest';
import { armValues } from '../../../core/experiment/arm-values.ts';
import { banditChances } from '../../../core/experiment/bandit.ts';
import { estimate } from '../../../core/experiment/comparison.ts';
import { contrast } from '../../../core/experiment/contrast.ts';
import { loggedDecisions } from '../../../core/experiment/logged-decisions.ts';
import type { ChatRecord } from '../../../core/experiment/records.ts';
import { experiment } from '../../../core/index.ts';
import { evaluatePolicy } from '../../../core/statistics/off-policy.ts';
import { normal, seeded } from './random.ts';

const learning = experiment({
  key: 'learning',
  arms: { plain: 1, warm: 2 },
  metrics: [
    'engaged',
    'turns',
    'duration',
    { name: 'linesPerChat', kind: 'ratio', of: 'turns', per: 'chats' },
  ],
  plan: { units: 600 },
  bandit: { floor: 0.1 },
});

/** What each arm brings: the share that writes, and how many lines more and how many times as long it makes a chat. */
interface World {
  readonly engaged: Readonly<Record<string, number>>;
  readonly more: number;
}

const [none, better]: readonly [World, World] = [
  { engaged: { plain: 0.3, warm: 0.3 }, more: 0 },
  { engaged: { plain: 0.3, warm: 0.45 }, more: 1 },
];

const [looks, perLook, rounds] = [12, 50, 300];
/** Milliseconds that a simulation may take on a busy machine. */
const patience = 180_000;

/** Units as a bandit draws them, learning after each look. */
function play(
  world: World,
  seed: number,
  onLook: (chats: readonly ChatRecord[], look: number) => void,
): void {
  const random = seeded(seed);
  const chats: ChatRecord[] = [];
  for (let look = 0; look < looks; look += 1) {
    const chances = banditChances(learning, chats);
    for (let nth = 0; nth < perLook; nth += 1) {
      const at = random() < (chances[0] ?? 0) ? 0 : 1;
      const arm = learning.arms[at] ?? '';
      const more = at === 1 ? world.more : 0;
      const unit = `${look}-${nth}`;
      chats.push({
        arm,
        unit,
        interactionId: unit,
        isFirst: true,
        reason: 'bandit',
        propensity: chances[at] ?? 1,
        at: chats.length,
        agent: 'ada',
        measures: {
          engaged: Number(random() < (world.engaged[arm] ?? 0)),
          turns: Math.floor(4 * random()) + more,
          duration: 20_000 * Math.exp(normal(random) + more / 4),
        },
      });
    }
    onLook(chats, look);
  }
}

const truths = { engaged: 0.15, turns: 1, duration: Math.exp(0.25), linesPerChat: 1 };
const test = { kind: 'sequential', alpha: 0.05 } as const;

describe('a bandit', { timeout: patience }, () => {
  it('gives the better arm more of the units as it learns, and each arm some', () => {
    const shares: number[] = [];
    for (let seed = 0; seed < 40; seed += 1) {
      play(better, seed, (chats, look) => {
        if (look < looks - 1) return;
        const late = chats.slice(-4 * perLook);
        shares.push(late.filter(({ arm }) => arm === 'warm').length / late.length);
        expect(chats.every(({ propensity = 0 }) => propensity >= 0.1)).toBe(true);
      });
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    process.stdout.write(`bandit: the better arm gets ${(100 * mean).toFixed(0)} % of the later units\n`);
    expect(mean).toBeGreaterThan(0.75);
  });

  it('raises no more false alarms than it may, looked at all the time', () => {
    const alarms: Record<string, number> = {};
    for (let seed = 0; seed < rounds; seed += 1) {
      const seen = new Set<string>();
      play(none, seed, (chats) => {
        for (const metric of learning.metrics) {
          const found = contrast(learning, metric, 'warm', chats, test);
          const nothing = metric.kind === 'duration' ? 1 : 0;
          if (found && (found.low > nothing || found.high < nothing)) seen.add(metric.name);
        }
      });
      for (const name of seen) alarms[name] = (alarms[name] ?? 0) + 1;
    }
    process.stdout.write(`bandit A/A, ${rounds} experiments of ${looks} looks: ${JSON.stringify(alarms)}\n`);
    for (const { name } of learning.metrics) expect((alarms[name] ?? 0) / rounds).toBeLessThanOrEqual(0.05);
  });

  it('tells true differences and figures, though the chances changed as it went', () => {
    const missed: Record<string, number> = {};
    let [held, bias] = [0, 0];
    const metrics = learning.metrics.map((metric) => ({
      metric,
      truth: truths[metric.name as keyof typeof truths],
    }));
    for (let seed = 0; seed < rounds; seed += 1) {
      const wrong = new Set<string>();
      play(better, seed + 1_000, (chats, look) => {
        for (const { metric, truth } of metrics) {
          const found = contrast(learning, metric, 'warm', chats, test);
          if (found && (truth < found.low || found.high < truth)) wrong.add(metric.name);
          if (look < looks - 1 || metric.name !== 'engaged') continue;
          const figure = estimate('proportion', armValues(learning, metric, 'plain', chats), 0.95);
          if (figure.low <= 0.3 && 0.3 <= figure.high) held += 1;
          bias += (figure.value - 0.3) / rounds;
        }
      });
      for (const name of wrong) missed[name] = (missed[name] ?? 0) + 1;
    }
    process.stdout.write(
      `bandit, true differences missed at any look: ${JSON.stringify(missed)}; coverage of an arm’s figure ${((100 * held) / rounds).toFixed(1)} %, bias ${bias.toFixed(4)}\n`,
    );
    for (const { metric } of metrics) expect((missed[metric.name] ?? 0) / rounds).toBeLessThanOrEqual(0.05);
    expect(held / rounds).toBeGreaterThan(0.9);
    expect(Math.abs(bias)).toBeLessThan(0.015);
  });
});

describe('a policy, evaluated on what a bandit logged', { timeout: patience }, () => {
  it('is worth what it is worth, by all three estimators', () => {
    const held = { ips: 0, snips: 0, doublyRobust: 0 };
    // Half of the chats to either arm: 0.5 * 0.3 + 0.5 * 0.45.
    const truth = 0.375;
    for (let seed = 0; seed < rounds; seed += 1) {
      play(better, seed + 5_000, (chats, look) => {
        if (look < looks - 1) return;
        const { log } = loggedDecisions(learning, chats, () => ({ plain: 0.5, warm: 0.5 }));
        const found = evaluatePolicy(log, 0.95);
        for (const name of ['ips', 'snips', 'doublyRobust'] as const) {
          const { low, high } = found[name];
          if (low <= truth && truth <= high) held[name] += 1;
        }
      });
    }
    const shares = Object.entries(held).map(([name, n]) => `${name} ${((100 * n) / rounds).toFixed(1)} %`);
    process.stdout.write(`coverage of the 95 % interval of a policy: ${shares.join(', ')}\n`);
    for (const n of Object.values(held)) expect(n / rounds).toBeGreaterThan(0.91);
  });
});
