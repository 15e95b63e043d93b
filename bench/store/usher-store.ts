import type { Claim, Lease, Store } from '../../core/store/store.ts';
import { bodyOf } from './body.ts';
import type { Contender, Figures, Load } from './contender.ts';
import { perSecond } from './pace.ts';

const perAgent = 10;
const ttlMs = 600_000;

/** Where an interaction is: what its next commit needs. */
interface Open {
  readonly agent: string;
  readonly token: number;
  readonly interaction: string;
  version: number;
}

/** A store behind Usher's port. */
export function usherStore(
  name: string,
  fresh: () => Promise<{ readonly store: Store; readonly end: () => Promise<void> }>,
): Contender {
  return {
    name,
    measure: async (load) => {
      const { store, end } = await fresh();
      try {
        return await figuresOf(store, load);
      } finally {
        await store.close();
        await end();
      }
    },
  };
}

async function figuresOf(store: Store, { interactions, lanes, duration, orphans }: Load): Promise<Figures> {
  const agents = Array.from({ length: Math.ceil(interactions / perAgent) }, (_, at) => `agent-${at}`);
  await store.enrol(agents);
  const lease = await join(store);
  const open: Open[] = [];
  for await (const some of claimed(store, lease)) open.push(...opened(some));
  const commit = async (one: Open, step: number): Promise<void> => {
    const { agent, token, interaction, version } = one;
    const change = { agent, token, interaction, version, state: bodyOf(step), publish: [{ step }] };
    const result = await store.commit(change);
    if (result !== 'ok') throw new Error(`${interaction} of ${agent} at ${version}: ${result}`);
    one.version += 1;
  };
  await inLanes(lanes, open, commit);
  const laneOf = (lane: number): readonly Open[] => open.filter((_, at) => at % lanes === lane);
  const parts = Array.from({ length: lanes }, (_, lane) => laneOf(lane)).filter((part) => part.length > 0);
  const commits = await perSecond(parts.length, duration, (lane, turn) => {
    const part = parts[lane] as readonly Open[];
    return commit(part[turn % part.length] as Open, turn * lanes + lane);
  });
  const renewals = await perSecond(1, duration, () => store.renew(lease));
  await store.expire(lease.incarnation);
  const heir = await join(store);
  const begin = performance.now();
  const taken = { agents: 0, interactions: 0 };
  // A million documents at once would not fit into the process, nor would a worker take them.
  for await (const some of claimed(store, heir)) {
    taken.agents += some.length;
    taken.interactions += some.reduce((sum, { interactions: all }) => sum + all.length, 0);
    if (taken.agents >= orphans) break;
  }
  const claims = (taken.agents / (performance.now() - begin)) * 1_000;
  if (taken.interactions !== taken.agents * perAgent)
    throw new Error(`${taken.agents} agents were claimed with ${taken.interactions} interactions`);
  return { commits, renewals, claims };
}

const join = (store: Store): Promise<Lease> => store.join({ name: 'bench', capacity: 1, ttlMs });

/** By the hundred, until there are none. */
async function* claimed(store: Store, lease: Lease): AsyncGenerator<readonly Claim[]> {
  for (;;) {
    const some = await store.claim(lease, 100);
    if (some.length === 0) return;
    yield some;
  }
}

function opened(claims: readonly Claim[]): Open[] {
  return claims.flatMap(({ agent, token }) =>
    Array.from({ length: perAgent }, (_, at) => ({ agent, token, interaction: `chat-${at}`, version: 0 })),
  );
}

/** Each once. */
async function inLanes(
  lanes: number,
  open: readonly Open[],
  work: (one: Open, step: number) => Promise<void>,
) {
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let at = lane; at < open.length; at += lanes) await work(open[at] as Open, at);
    }),
  );
}
