import { openSqliteStore, type Store } from 'usher-bots';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Supervisor } from '../../../../core/cli/fleet/supervisor.ts';
import { WorkerProcess } from '../../../../core/cli/fleet/worker-process.ts';
import { isGone } from '../../../../core/fleet/process-name.ts';
import { RxClock } from '../../../../core/session/rx-clock.ts';
import { storeUnavailable } from '../../../../core/store/store-errors.ts';
import { temporaryFile } from '../../store/temporary-file.ts';

/** How many of a store's workers are dead. */
async function deadIn(store: Store): Promise<number> {
  return (await store.census()).workers.filter(({ name }) => isGone(name)).length;
}

describe('a supervisor of workers on several stores', { timeout: 60_000 }, () => {
  it('tells each of them of a death, and later the one that did not answer', async () => {
    const files = [temporaryFile(), temporaryFile()];
    const [one, other] = files.map((file) => openSqliteStore(file)) as Store[] as [Store, Store];
    let isAway = false;
    const cut = new Proxy(other, {
      get(target, name) {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          if (isAway) throw storeUnavailable('the other store', 'cut');
          return Reflect.apply(member, target, args);
        };
      },
    });
    const script = process.argv[1] ?? '';
    process.argv[1] = new URL('./lease-keeper.ts', import.meta.url).pathname;
    const problems: string[] = [];
    const supervisor = new Supervisor({
      count: 1,
      stores: [one, cut],
      clock: new RxClock(),
      within: 0,
      ttl: 600_000,
      spawn: (nth) =>
        new WorkerProcess({ nth, args: [], env: { FILES: files.join() }, onChange: () => undefined }),
      tell: () => undefined,
      onProblem: ({ code, message }) => problems.push(`${code}: ${message}`),
    });
    onTestFinished(async () => {
      process.argv[1] = script;
      const stopped = supervisor.stop(0);
      supervisor.kill();
      await stopped;
      await Promise.all([one.close(), other.close()]);
    });
    supervisor.start();
    const [worker] = supervisor.workers;
    await worker?.joined;
    isAway = true;
    worker?.kill();
    await worker?.ended;
    await expect
      .poll(() => problems, { timeout: 30_000 })
      .toEqual(['USHER_STORE_UNAVAILABLE: the other store did not answer: cut']);
    await expect.poll(() => deadIn(one), { timeout: 30_000 }).toBe(0);
    expect(await deadIn(other)).toBe(1);
    isAway = false;
    await expect.poll(() => deadIn(other), { timeout: 30_000 }).toBe(0);
  });
});
