import { from, lastValueFrom } from 'rxjs';
import { openSqliteStore } from 'usher-bots';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Holding } from '../../../core/fleet/holding.ts';
import { holdOf } from '../../../core/session/seat-hold.ts';
import type { Claim } from '../../../core/store/store.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { testAgent } from '../../../core/testing/server/people.ts';

/** An agent that is claimed, given away and claimed again while a chat of the first claim writes on. */
async function claimedAnew() {
  const store = openSqliteStore(':memory:');
  onTestFinished(() => store.close());
  await store.enrol(['ada']);
  const lease = await store.join({ name: 'worker', capacity: 1, ttlMs: 60_000 });
  const [claim] = await store.claim(lease, 1);
  const holding = new Holding(store, lease, claim as Claim);
  const onFenced = vi.fn();
  const { ledger } = holdOf(holding, { onFenced, onFailure: vi.fn() });
  const dossier = ledger.of(new LiveInteraction('I', testAgent, { state: 'Chatting' }));
  const operation = { name: 'sendMessage', text: 'a', interactionId: 'I', plugin: 'p' } as const;
  const write = () => lastValueFrom(from(dossier.intend({ operation, base: 1 })));
  const anew = async () => {
    await store.release(lease, ['ada']);
    await store.claim(lease, 1);
  };
  return { holding, onFenced, write, anew };
}

describe('the hold of an agent', () => {
  it('is lost when a write shows that the agent has been claimed since', async () => {
    const { onFenced, write, anew } = await claimedAnew();
    expect(await write()).toBe('ok');
    await anew();
    expect(await write()).toBe('fenced');
    expect(onFenced).toHaveBeenCalledOnce();
  });

  it('is no news where it has ended: the agent may have been claimed anew by the same worker', async () => {
    const { holding, onFenced, write, anew } = await claimedAnew();
    holding.end();
    await anew();
    expect(await write()).toBe('fenced');
    expect(onFenced).not.toHaveBeenCalled();
  });
});
