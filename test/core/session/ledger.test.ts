import { from } from 'rxjs';
import type { Operation } from 'usher-bots';
import { describe, expect, it, vi } from 'vitest';
import type { InteractionDocument } from '../../../core/model/interaction-document.ts';
import { SessionLedger } from '../../../core/session/ledger.ts';
import { LiveInteraction } from '../../../core/streams/live-interaction.ts';
import { people, testAgent } from '../../../core/testing/server/people.ts';

const operation: Operation = {
  name: 'sendMessage',
  text: 'Hi',
  interactionId: 'I',
  plugin: 'p',
  once: 'greeting',
};
const document: InteractionDocument = {
  shape: 1,
  seen: 4,
  joinedAt: 2,
  handled: { answers: [3] },
  done: ['a'],
};

function chat(id = 'I') {
  const interaction = new LiveInteraction(id, testAgent, {});
  interaction.update({ state: 'Chatting' });
  interaction.append([
    { index: 1, type: 'ParticipantJoined', from: people.agent, text: '', visibility: 'All' },
  ]);
  return interaction;
}

type Written = [id: string, version: number, document: InteractionDocument | null];

function ledger(stored: [string, number, InteractionDocument][] = []) {
  const written: Written[] = [];
  let result: 'ok' | 'fenced' | 'conflict' = 'ok';
  const fenced = vi.fn();
  const tested = new SessionLedger({
    stored: stored.map(([id, version, kept]) => ({ id, version, document: kept })),
    write: async (...[id, version, document]) => {
      written.push([id, version, document]);
      return result;
    },
    onFenced: fenced,
  });
  return { tested, written, fenced, answer: (next: typeof result) => (result = next) };
}

describe('a ledger', () => {
  it('forgets none of the lines that were seen, though the transcript has not been read again yet', async () => {
    const { tested, written } = ledger([['I', 3, document]]);
    const interaction = new LiveInteraction('I', testAgent, { state: 'Chatting' }, { memory: document });
    const dossier = tested.of(interaction);
    dossier.setState('p', 1);
    await dossier.flush();
    expect(interaction.lastIndex).toBeLessThan(document.seen);
    expect(written.at(-1)?.[2]).toMatchObject({ seen: document.seen });
  });

  it('writes an intent down with all that is known, before it resolves', async () => {
    const { tested, written } = ledger();
    const dossier = tested.of(chat());
    dossier.mark('welcome');
    const intent = { operation, base: 1 };
    await expect(dossier.intend(intent)).resolves.toBe('ok');
    expect(written).toEqual([
      ['I', 0, { shape: 1, seen: 1, joinedAt: 1, handled: {}, done: ['welcome'], intent }],
    ]);
  });

  it('lets what came of it ride on the next commit, at the next version', async () => {
    const { tested, written } = ledger();
    const dossier = tested.of(chat());
    await dossier.intend({ operation, base: 1 });
    dossier.settle(operation);
    dossier.mark('greeting');
    expect(written).toHaveLength(1);
    await dossier.flush();
    expect(written[1]).toMatchObject(['I', 1, { done: ['greeting'] }]);
    expect(written[1]?.[2]).not.toHaveProperty('intent');
  });

  it('makes one commit of what comes while another is under way', async () => {
    const { tested, written } = ledger();
    const dossier = tested.of(chat());
    const first = dossier.flush();
    dossier.handled('answers', [3]);
    dossier.handled('answers', [4]);
    await Promise.all([first, dossier.flush()]);
    expect(written.map(([, version, kept]) => [version, kept?.handled])).toEqual([[0, { answers: [3, 4] }]]);
  });

  it('goes on from what an earlier process wrote', async () => {
    const { tested, written } = ledger([['I', 7, { ...document, intent: { operation, base: 4 } }]]);
    expect(tested.recall('I')).toMatchObject({ joinedAt: 2, seen: 4 });
    const dossier = tested.of(chat());
    expect(dossier.intent).toMatchObject({ operation, base: 4 });
    expect([dossier.has('a'), dossier.has('greeting'), dossier.has('b')]).toEqual([true, true, false]);
    expect([dossier.isHandled('answers', 3), dossier.isHandled('answers', 4)]).toEqual([true, false]);
    await dossier.flush();
    expect(written[0]?.[1]).toBe(7);
  });

  it('keeps nothing of a chat that is over, and all of one that the session leaves', async () => {
    const { tested, written } = ledger([
      ['over', 3, document],
      ['open', 3, document],
    ]);
    const [over, open] = [chat('over'), chat('open')];
    tested.of(over);
    tested.of(open);
    over.update({ state: 'Completed' });
    open.end({ reason: 'session-ended' });
    await vi.waitFor(() => expect(written).toEqual([['over', 3, null]]));
  });

  it('drops what is kept of chats that are open no more', async () => {
    const { tested, written } = ledger([
      ['gone', 2, document],
      ['here', 2, document],
    ]);
    tested.forgetAllBut(new Set(['here']));
    await vi.waitFor(() => expect(written).toEqual([['gone', 2, null]]));
    expect(tested.recall('gone')).toBeUndefined();
    expect(tested.recall('here')).toBeDefined();
  });

  it.each(['fenced', 'conflict'] as const)(
    'says so when the store says %s: somebody else has the agent',
    async (result) => {
      const { tested, fenced, answer } = ledger();
      answer(result);
      await expect(tested.of(chat()).intend({ operation, base: 1 })).resolves.toBe('fenced');
      expect(fenced).toHaveBeenCalledOnce();
    },
  );

  it('gives a chat that comes back a fresh page', () => {
    const { tested } = ledger();
    const first = chat();
    tested.of(first).mark('greeting');
    first.update({ state: 'Completed' });
    expect(tested.of(chat()).has('greeting')).toBe(false);
  });

  it('without a store has nothing to wait for', () => {
    const seen: string[] = [];
    from(new SessionLedger().of(chat()).intend({ operation, base: 1 })).subscribe((result) =>
      seen.push(result),
    );
    expect(seen).toEqual(['ok']);
  });
});
