import { deepEqual, equal, ok } from 'node:assert/strict';
import { change, hasExpired, join, lapsed, owning, rejectsWith, type StoreChecks } from './check.ts';

/** How leases are held and how they end. */
export const leaseChecks: StoreChecks = {
  'makes every worker a stranger to the ones before': async (one, other) => {
    const leases = await Promise.all([join(one), join(other), join(one)]);
    equal(new Set(leases.map(({ incarnation }) => incarnation)).size, 3);
  },

  'holds a lease for another ttl by a renewal': async (one, other) => {
    const { lease } = await owning(one, ['ada']);
    const before = (await other.census()).workers[0]?.expires ?? 0;
    while ((await one.census()).at + lease.ttlMs <= before);
    await one.renew(lease);
    const after = (await other.census()).workers[0]?.expires ?? 0;
    ok(after > before);
    ok(lease.ok());
  },

  'gives nothing to a lease that has expired, reaped or not': async (one, other) => {
    const { lease } = await lapsed(one, ['ada']);
    await one.enrol(['bob']);
    deepEqual(await one.claim(lease, 2), []);
    equal(await other.reap(), 1);
    deepEqual(await one.claim(lease, 2), []);
    equal((await other.census()).free, 2);
  },

  'never revives a lease that has expired, reaped or not': async (one, other) => {
    const { lease } = await lapsed(one, ['ada']);
    equal(lease.ok(), false);
    await rejectsWith('USHER_STORE_LEASE_LOST', one.renew(lease));
    equal(lease.ok(), false);
    equal(await other.reap(), 1);
    await rejectsWith('USHER_STORE_LEASE_LOST', one.renew(lease));
    deepEqual((await one.census()).workers, []);
  },

  'ends a lease at once when its worker leaves': async (one, other) => {
    const { lease } = await owning(one, ['ada', 'bob']);
    ok(lease.ok());
    await one.leave(lease);
    equal(lease.ok(), false);
    await rejectsWith('USHER_STORE_LEASE_LOST', one.renew(lease));
    deepEqual(await one.claim(lease, 2), []);
    const { free, workers } = await other.census();
    deepEqual({ free, workers }, { free: 2, workers: [] });
    await one.leave(lease);
  },

  'ends the lease of a dead worker at once, and only that one': async (one, other) => {
    const dead = await owning(one, ['ada']);
    const alive = await owning(one, ['bob']);
    await other.expire(dead.lease.incarnation);
    await other.expire('never seen');
    await rejectsWith('USHER_STORE_LEASE_LOST', one.renew(dead.lease));
    await one.renew(alive.lease);
    const { free, workers } = await other.census();
    deepEqual([free, workers.map(({ incarnation }) => incarnation)], [1, [alive.lease.incarnation]]);
  },

  'reaps the expired leases only, and counts the agents that are free by it': async (one, other) => {
    const alive = await owning(one, ['ada']);
    const gone = await lapsed(one, ['bob', 'cyd']);
    deepEqual(
      (await other.census()).workers.map(({ load }) => load),
      [1, 2],
    );
    equal(await other.reap(), 2);
    equal(await one.reap(), 0);
    await one.renew(alive.lease);
    const workers = (await other.census()).workers.map(({ incarnation }) => incarnation);
    deepEqual(workers, [alive.lease.incarnation]);
    ok(!workers.includes(gone.lease.incarnation));
  },

  'lets a renewal or a reap win, never both': async (one, other) => {
    const ttlMs = 20;
    for (let round = 0; round < 20; round += 1) {
      const { lease, claims } = await owning(one, ['ada'], ttlMs);
      while (!(await hasExpired(one, lease, 1)));
      const before = (await one.census()).at;
      const [renewed, reaped] = await Promise.all([settled(one.renew(lease)), other.reap()]);
      const passed = (await one.census()).at - before;
      // On a machine that stood still between the two, the renewed lease has expired as well.
      if (passed < ttlMs) ok(!(renewed && reaped > 0));
      const [claim] = claims;
      if (claim !== undefined && renewed && reaped === 0) {
        equal(await one.commit(change(claim, `chat-${round}`, 0, round)), 'ok');
      }
      await one.expire(lease.incarnation);
    }
  },
};

const settled = (promise: Promise<void>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );
