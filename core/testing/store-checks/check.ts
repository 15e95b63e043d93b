import { rejects } from 'node:assert/strict';
import { type ErrorCode, UsherError } from '../../errors.ts';
import type { Change, Claim, Json, Lease, Store } from '../../store/store.ts';

/** What a store promises, by its name, and how to see it: on two connections to the same empty store, or one twice. */
export type StoreChecks = Readonly<Record<string, (one: Store, other: Store) => Promise<void>>>;

/** A worker and the agents it has come to own. */
export interface Owner {
  readonly lease: Lease;
  readonly claims: readonly Claim[];
}

const longTtlMs = 600_000;

export const join = (store: Store, ttlMs = longTtlMs): Promise<Lease> =>
  store.join({ name: 'contract', capacity: 10, ttlMs });

/** A new worker that owns these agents, which were free or unknown. */
export async function owning(store: Store, agents: readonly string[], ttlMs = longTtlMs): Promise<Owner> {
  await store.enrol(agents);
  const lease = await join(store, ttlMs);
  return { lease, claims: await store.claim(lease, agents.length, agents) };
}

/** The claim of a new worker on one agent. */
export async function claimOf(store: Store, agent: string): Promise<Claim> {
  const { claims } = await owning(store, [agent]);
  const [claim] = claims;
  if (claim === undefined) throw new Error(`${agent} was not free`);
  return claim;
}

/** A worker whose lease has just expired while it owned these agents; by the store's clock, which is waited for. */
export async function lapsed(store: Store, agents: readonly string[]): Promise<Owner> {
  for (let ttlMs = 25; ; ttlMs *= 2) {
    const owner = await owning(store, agents, ttlMs);
    if (owner.claims.length === agents.length) {
      while (!(await hasExpired(store, owner.lease)));
      return owner;
    }
    await store.expire(owner.lease.incarnation);
  }
}

export async function hasExpired(store: Store, lease: Lease, earlierMs = 0): Promise<boolean> {
  const { at, workers } = await store.census();
  const worker = workers.find(({ incarnation }) => incarnation === lease.incarnation);
  return worker === undefined || worker.expires - earlierMs <= at;
}

/** A change by the owner of an agent. */
export function change(
  { agent, token }: Pick<Claim, 'agent' | 'token'>,
  interaction: string,
  version: number,
  state: Json,
  more: Pick<Change, 'once' | 'publish'> = {},
): Change {
  return { agent, token, interaction, version, state, ...more };
}

/** What a next owner would be told of an agent whose owner has gone. */
export async function interactionsOf(store: Store, agent: string): Promise<Claim['interactions']> {
  for (const { incarnation } of (await store.census()).workers) await store.expire(incarnation);
  return (await claimOf(store, agent)).interactions;
}

/** Everything that is in the outbox, which is empty then. */
export async function drained(store: Store): Promise<Json[]> {
  const events: Json[] = [];
  for (let part = 0; part < store.parts; part += 1) {
    for await (const batch of store.drain(part, Number.POSITIVE_INFINITY)) events.push(...batch.events);
  }
  return events;
}

export async function rejectsWith(code: ErrorCode, promise: Promise<unknown>): Promise<void> {
  await rejects(promise, (error) => error instanceof UsherError && error.code === code);
}
