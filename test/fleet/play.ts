import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from 'usher-bots';
import { startSimulator } from 'usher-bots/simulator';
import { mulberry32 } from '../../simulator/faults/random.ts';
import { startProxy } from '../core/transport/proxy-server.ts';
import { until } from '../faults/until.ts';
import { tunnelTo } from '../postgres/tunnel.ts';
import { Crowd } from './crowd.ts';
import { Fleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import type { Chance, Scenario } from './scenarios.ts';
import { type Judgement, judge } from './transcripts.ts';
import { password } from './worker-config.ts';

export interface Play {
  readonly scenario: Scenario;
  /** Where the store is; that of a file is made in the run's own folder. */
  readonly groundIn: (folder: string) => Ground | Promise<Ground>;
  readonly seed: number;
  readonly workers: number;
  readonly agents: number;
  /** Whether workers look at their leases, at who has the agent, and at what was said before. Default: true. */
  readonly isProtected?: boolean;
}

export interface Outcome extends Judgement {
  readonly chats: number;
  /** Milliseconds until every agent had an owner again. */
  readonly ownedAfter: number | undefined;
  /** What was printed by the workers, kept if something failed. */
  readonly folder: string | undefined;
}

/** Milliseconds that a customer waits for an answer: however long it may take, or not at all long. */
const patient = 60_000;
const impatient = 5_000;

/** Lets customers chat with the agents of some workers while something happens to these, and looks at what was said. */
export async function play(options: Play): Promise<Outcome> {
  const { scenario, seed, workers, isProtected = true } = options;
  const folder = mkdtempSync(join(tmpdir(), 'usher-fleet-'));
  const agents = Array.from({ length: options.agents }, (_, at) => `agent${at + 1}`);
  const chance = chanceOf(seed);
  const closing: (() => unknown)[] = [];
  let crowd: Crowd | undefined;
  try {
    const ground = await options.groundIn(folder);
    closing.push(() => ground.close());
    const ownWay = ground.port === undefined ? undefined : await tunnelTo(ground.port);
    closing.push(() => ownWay?.close());
    const store = await openStore(ground.place(ownWay?.port));
    closing.push(() => store.close());
    const simulator = await startSimulator({
      agents: agents.map((username) => ({ username, password, firstName: username, capacity: 2 })),
      invitationTimeout: 6_000,
      cometd: { timeout: 2_000, maxInterval: 2_000, maxSessionsPerBrowser: -1 },
    });
    closing.push(() => simulator.close());
    const proxy = await startProxy();
    closing.push(() => proxy.close());
    const fleet = new Fleet({
      ...{ simulator, proxyPort: proxy.port, ground, store, ownWay },
      ...{ folder, agents, isProtected },
    });
    closing.push(() => fleet.close());
    if (scenario.isSupervised) await fleet.start(workers);
    else for (let nth = 0; nth < workers; nth += 1) await fleet.start();
    await fleet.shared(workers);
    crowd = new Crowd(simulator, {
      size: Math.ceil(agents.length * 1.25),
      patience: isProtected ? patient : impatient,
      random: mulberry32(seed),
    });
    await fleet.heard(agents.length * 3 + chance.whole(0, 30));
    const ownedAfter = await scenario.happens(fleet, chance);
    await fleet.heard(agents.length);
    const unserved = await crowd.end();
    const isAtRest = await until(() => simulator.agents.every(({ parts }) => parts.size === 0), patient);
    const ends = isProtected ? await fleet.stop() : [];
    const judgement = judge(simulator.chats.values());
    const failures = [
      ...judgement.failures,
      ...unserved,
      ...(isAtRest || !isProtected ? [] : ['work was left unfinished']),
      ...ends,
    ];
    const outcome = { ...judgement, failures, chats: simulator.chats.size, ownedAfter };
    if (failures.length > 0) {
      writeFileSync(join(folder, 'failures.txt'), `${failures.join('\n')}\n`);
      return { ...outcome, folder };
    }
    rmSync(folder, { recursive: true, force: true });
    return { ...outcome, folder: undefined };
  } finally {
    crowd?.stop();
    for (const close of closing.reverse()) await close();
  }
}

function chanceOf(seed: number): Chance {
  const next = mulberry32(seed);
  const whole = (lowest: number, highest: number): number =>
    lowest + Math.floor(next() * (highest - lowest + 1));
  return {
    whole,
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[whole(0, items.length - 1)];
      if (item === undefined) throw new RangeError('there is nothing to pick from');
      return item;
    },
  };
}
