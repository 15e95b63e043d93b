import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet, Member } from './fleet.ts';
import { ttl } from './worker-config.ts';

/** What is up to the seed. */
export interface Chance {
  /** A whole number, both ends included. */
  whole(lowest: number, highest: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export interface Scenario {
  /** What happens, in a few words. */
  readonly what: string;
  /** What it needs beyond workers. */
  readonly needs?: 'PostgreSQL' | 'a standby';
  /** Whether the workers run under a supervisor. */
  readonly isSupervised?: boolean;
  /** Resolves with the milliseconds until every agent had an owner again; `undefined`: it never lost any. */
  readonly happens: (fleet: Fleet, chance: Chance) => Promise<number | undefined>;
}

/** Milliseconds by which a fault lasts longer than a lease. */
const beyond = 1_500;

/** Cuts one worker off for longer than its lease, by `cut`, and mends that. */
async function cutOff(fleet: Fleet, member: Member, cut: () => void, mend: () => void): Promise<number> {
  const count = fleet.members.length;
  fleet.away.add(member.name);
  cut();
  const [took] = await Promise.all([fleet.owned(), pause(ttl + beyond)]);
  mend();
  fleet.away.delete(member.name);
  await fleet.shared(count);
  return took;
}

const swallowed = ({ gws }: Member, chance: Chance): void =>
  chance.whole(0, 1) ? gws.swallow() : gws.refuse();
/** What is held comes when it is long out of date: the store has to see that. */
const withheld = ({ store }: Member, chance: Chance): void =>
  chance.whole(0, 1) ? store?.swallow() : store?.hold();

export const scenarios: Readonly<Record<string, Scenario>> = {
  none: { what: 'nothing', happens: async (fleet) => void (await fleet.heard(100)) },
  'kill9-supervised': {
    what: 'kill -9 of a worker; its supervisor tells the store and starts another one',
    isSupervised: true,
    happens: async (fleet, chance) => {
      const names = await fleet.workers();
      await fleet.kill(chance.pick(names));
      const took = await fleet.owned();
      await fleet.shared(names.length);
      return took;
    },
  },
  kill9: {
    what: 'kill -9 of a worker, and nobody tells the store',
    happens: async (fleet, chance) => {
      await fleet.kill(chance.pick(fleet.members).name);
      return fleet.owned();
    },
  },
  sigstop: {
    what: 'a worker stands still for longer than its lease, and goes on',
    happens: async (fleet, chance) => {
      const member = chance.pick(fleet.members);
      await fleet.freeze(member);
      const [took] = await Promise.all([fleet.owned(), pause(ttl + beyond)]);
      await fleet.heard(20);
      member.process.signal('SIGCONT');
      fleet.away.delete(member.name);
      await fleet.shared(fleet.members.length);
      return took;
    },
  },
  'cut-store': {
    what: 'a worker does not reach the store for longer than its lease; what it sent there is lost, or comes late',
    needs: 'PostgreSQL',
    happens: (fleet, chance) => {
      const member = chance.pick(fleet.members);
      return cutOff(
        fleet,
        member,
        () => withheld(member, chance),
        () => member.store?.forward(),
      );
    },
  },
  'cut-gws': {
    what: 'a worker does not reach GWS, with or without a word; what it sent is lost',
    happens: (fleet, chance) => {
      const member = chance.pick(fleet.members);
      return cutOff(
        fleet,
        member,
        () => swallowed(member, chance),
        () => member.gws.forward(),
      );
    },
  },
  'cut-both': {
    what: 'a worker reaches neither the store nor GWS',
    needs: 'PostgreSQL',
    happens: (fleet, chance) => {
      const member = chance.pick(fleet.members);
      return cutOff(
        fleet,
        member,
        () => {
          swallowed(member, chance);
          withheld(member, chance);
        },
        () => {
          member.store?.forward();
          member.gws.forward();
        },
      );
    },
  },
  'store-crash': {
    what: 'PostgreSQL is killed, and started again after up to two leases',
    needs: 'PostgreSQL',
    happens: async (fleet, chance) => {
      const began = performance.now();
      await fleet.ground.crash(chance.pick(['SIGKILL', 'immediate']));
      await fleet.storeIsAway();
      await pause(chance.whole(0, 2 * ttl));
      await fleet.ground.resume();
      await fleet.owned();
      const took = performance.now() - began;
      await fleet.shared(fleet.members.length);
      return took;
    },
  },
  'fail-over': {
    what: 'kill -9 of the primary; the synchronous standby is promoted within up to 2 s',
    needs: 'a standby',
    happens: async (fleet, chance) => {
      const began = performance.now();
      await fleet.ground.crash('SIGKILL');
      await pause(chance.whole(0, 2_000));
      const port = await fleet.ground.promote();
      for (const way of [fleet.options.ownWay, ...fleet.members.map(({ store }) => store)])
        way?.pointTo(port);
      await fleet.owned();
      const took = performance.now() - began;
      await fleet.shared(fleet.members.length);
      return took;
    },
  },
  storm: {
    what: 'kill -9 of one worker after the other, 8 times, one every second or two, under a supervisor',
    isSupervised: true,
    happens: async (fleet, chance) => {
      const count = (await fleet.workers()).length;
      for (let kills = 0; kills < 8; kills += 1) {
        const names = await fleet.workers();
        // One that is killed as soon as it is there, again and again, would be given up.
        const at = Math.min(chance.whole(0, count - 1), chance.whole(0, count - 1), names.length - 1);
        const name = names[at];
        if (name !== undefined) await fleet.kill(name);
        if (kills < 7) await pause(chance.whole(1_000, 2_000));
      }
      const took = await fleet.owned();
      await fleet.shared(count);
      return took;
    },
  },
  join: {
    what: 'a worker joins, and has its share',
    happens: async (fleet) => {
      const before = new Set(await fleet.workers());
      await fleet.start();
      await fleet.sees('the new one', ({ workers }) => workers.some(({ name }) => !before.has(name)));
      return fleet.shared(before.size + 1);
    },
  },
  roll: {
    what: 'a rolling update: SIGHUP to the supervisor',
    isSupervised: true,
    happens: async (fleet) => {
      const old = await fleet.workers();
      fleet.members[0]?.process.signal('SIGHUP');
      for (const name of old) fleet.away.add(name);
      return fleet.shared(old.length);
    },
  },
};
