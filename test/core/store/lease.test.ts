import { openSqliteStore } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { LocalLease, localLease } from '../../../core/store/lease.ts';

function leaseFrom(askedAt: number) {
  const clock = { now: askedAt };
  return { clock, lease: new LocalLease('a', 1_000, () => clock.now, askedAt) };
}

describe('a lease', () => {
  it("ends a ttl after the request left, less the grain of the store's clock", () => {
    const { clock, lease } = leaseFrom(500);
    clock.now = 1_498.9;
    expect(lease.ok()).toBe(true);
    clock.now = 1_499;
    expect(lease.ok()).toBe(false);
  });

  it('says whether it holds for as long as something needs', () => {
    const { lease } = leaseFrom(0);
    expect(lease.ok(998)).toBe(true);
    expect(lease.ok(999)).toBe(false);
  });

  it('is extended from when the renewal left, in whatever order the answers come', () => {
    const { clock, lease } = leaseFrom(0);
    lease.extend(800);
    lease.extend(400);
    clock.now = 1_798;
    expect(lease.ok()).toBe(true);
    clock.now = 1_799;
    expect(lease.ok()).toBe(false);
  });

  it('does not come back once it has ended', () => {
    const { lease } = leaseFrom(0);
    lease.end();
    lease.extend(5_000);
    expect(lease.ok()).toBe(false);
  });

  it('is known by the store that made it only', () => {
    const own = { incarnation: 'a', ttlMs: 1, ok: () => true };
    expect(() => localLease(own)).toThrow(TypeError);
  });
});

describe("a store's lease", () => {
  const opened = (workMs: number) => {
    const clock = { wall: 1_000_000, local: 0 };
    const store = openSqliteStore(':memory:', {
      // Asked for in the middle of its work, on which time has passed.
      now: () => {
        clock.wall += workMs;
        clock.local += workMs;
        return clock.wall;
      },
      monotonic: () => clock.local,
    });
    return { clock, store };
  };

  it('counts from before the request, not from the answer', async () => {
    const { clock, store } = opened(300);
    clock.local = 0;
    const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 1_000 });
    clock.local = 998;
    expect(lease.ok()).toBe(true);
    clock.local = 999;
    expect(lease.ok()).toBe(false);
    clock.local = 700;
    await store.renew(lease);
    clock.local = 1_698;
    expect(lease.ok()).toBe(true);
    clock.local = 1_699;
    expect(lease.ok()).toBe(false);
  });

  it('goes by its own clock here and by the wall clock there', async () => {
    const { clock, store } = opened(0);
    const lease = await store.join({ name: 'w', capacity: 1, ttlMs: 1_000 });
    clock.wall += 1_000;
    expect(lease.ok()).toBe(true);
    await expect(store.renew(lease)).rejects.toMatchObject({ code: 'USHER_STORE_LEASE_LOST' });
    expect(lease.ok()).toBe(false);
  });
});
