import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CommitGroups } from '../../../core/store/commit-groups.ts';
import type { KeptChange } from '../../../core/store/kept-change.ts';
import type { CommitResult } from '../../../core/store/store.ts';

const of = (interaction: string, version = 0, agent = 'ada'): KeptChange => ({
  agent,
  interaction,
  version,
  token: 1,
  state: '1',
  once: [],
  publish: [],
});

/** Groups whose batches are noted, and answered when the test says so. */
function groups(limit = 100) {
  const batches: string[] = [];
  const answers: PromiseWithResolvers<readonly CommitResult[]>[] = [];
  const commits = new CommitGroups((batch) => {
    batches.push(batch.map(({ interaction, version }) => `${interaction}${version}`).join(' '));
    const answer = Promise.withResolvers<readonly CommitResult[]>();
    answers.push(answer);
    return answer.promise;
  }, limit);
  return {
    commits,
    batches,
    answer: (at: number, ...results: CommitResult[]) => answers[at]?.resolve(results),
    fail: (at: number, error: Error) => answers[at]?.reject(error),
  };
}

describe('commits of one turn', () => {
  it('go out together, those of the callbacks that are still to come included', async () => {
    const { commits, batches } = groups();
    void commits.add(of('a'));
    void Promise.resolve().then(() => commits.add(of('b')));
    process.nextTick(() => void commits.add(of('c')));
    expect(batches).toEqual([]);
    await expect.poll(() => batches).toEqual(['a0 b0 c0']);
  });

  it('go out in batches of the limit, one after the other', async () => {
    const { commits, batches, answer } = groups(2);
    for (const id of ['a', 'b', 'c', 'd', 'e']) void commits.add(of(id));
    await expect.poll(() => batches).toEqual(['a0 b0']);
    await turn();
    expect(batches).toHaveLength(1);
    answer(0, 'ok', 'ok');
    await expect.poll(() => batches).toEqual(['a0 b0', 'c0 d0']);
    answer(1, 'ok', 'ok');
    await expect.poll(() => batches).toEqual(['a0 b0', 'c0 d0', 'e0']);
  });

  it('gather while a batch is written', async () => {
    const { commits, batches, answer } = groups();
    void commits.add(of('a'));
    await expect.poll(() => batches).toEqual(['a0']);
    void commits.add(of('b'));
    await turn();
    void commits.add(of('c'));
    await turn();
    answer(0, 'ok');
    await expect.poll(() => batches).toEqual(['a0', 'b0 c0']);
  });

  it('of one interaction never share a batch, and keep their order', async () => {
    const { commits, batches, answer } = groups(2);
    for (const change of [of('a', 0), of('a', 1), of('a', 2), of('b', 0), of('c', 0), of('b', 1)]) {
      void commits.add(change);
    }
    await expect.poll(() => batches).toEqual(['a0 b0']);
    answer(0, 'ok', 'ok');
    await expect.poll(() => batches[1]).toBe('a1 c0');
    answer(1, 'ok', 'ok');
    await expect.poll(() => batches[2]).toBe('a2 b1');
  });

  it('of two agents in one chat may share a batch', async () => {
    const { commits, batches } = groups();
    void commits.add(of('a', 0, 'ada'));
    void commits.add(of('a', 5, 'bob'));
    await expect.poll(() => batches).toEqual(['a0 a5']);
  });
});

describe('the answers', () => {
  it('go to those who asked', async () => {
    const { commits, batches, answer } = groups();
    const all = Promise.all(['a', 'b', 'c'].map((id) => commits.add(of(id))));
    await expect.poll(() => batches).toHaveLength(1);
    answer(0, 'ok', 'fenced', 'conflict');
    expect(await all).toEqual(['ok', 'fenced', 'conflict']);
  });

  it('that fail, fail their batch and no other', async () => {
    const { commits, batches, answer, fail } = groups(1);
    const first = expect(commits.add(of('a'))).rejects.toThrow('disk full');
    const second = commits.add(of('b'));
    await expect.poll(() => batches).toHaveLength(1);
    fail(0, new Error('disk full'));
    await first;
    await expect.poll(() => batches).toHaveLength(2);
    answer(1, 'ok');
    expect(await second).toBe('ok');
  });

  it('that are missing are no silence', async () => {
    const { commits, batches, answer } = groups();
    const [first, second] = [commits.add(of('a')), commits.add(of('b'))];
    const missing = expect(second).rejects.toThrow('without a result');
    await expect.poll(() => batches).toHaveLength(1);
    answer(0, 'ok');
    expect(await first).toBe('ok');
    await missing;
  });

  it('are all there when the groups are idle', async () => {
    const { commits, batches, answer } = groups(1);
    await commits.idle();
    const results: CommitResult[] = [];
    for (const id of ['a', 'b']) void commits.add(of(id)).then((result) => results.push(result));
    let idle = false;
    const waiting = commits.idle().then(() => {
      idle = true;
    });
    await expect.poll(() => batches).toHaveLength(1);
    answer(0, 'ok');
    await expect.poll(() => batches).toHaveLength(2);
    expect(idle).toBe(false);
    answer(1, 'conflict');
    await waiting;
    expect(results).toEqual(['ok', 'conflict']);
  });
});
