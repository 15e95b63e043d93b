import { setTimeout as pause } from 'node:timers/promises';
import { concatMap } from 'rxjs';
import { defineBot, definePlugin, whenState } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { oneSeat, running, seat, simulator } from '../integration/contact-centre.ts';
import {
  armHeard,
  configHere,
  configOf,
  patience,
  recordsIn,
  started,
  storeFile,
  talk,
} from '../integration/experiments/shop.ts';

const lines = ['first', 'second', 'again', 'again'];
const contacts = Array.from({ length: 6 }, (_, nth) => `contact-${nth}`);

describe('usher start with an experiment, killed and started again on the same store', {
  timeout: 180_000,
}, () => {
  it('keeps each chat and each customer in one arm, and counts each chat once, whenever it is killed', async () => {
    const server = await simulator({
      agents: [seat('Ada', 4)],
      invitationTimeout: 4_000,
      cometd: { timeout: 2_000, maxInterval: 2_000, maxSessionsPerBrowser: -1 },
    });
    const store = storeFile();
    const config = configOf(store);
    // Each comes twice: whoever is served before a kill comes again after it.
    const chats = [...contacts, ...contacts].map((contact) => ({
      contact,
      customer: server.arrive(talk(contact, lines, 150)),
    }));
    for (let kill = 0; kill < 4; kill += 1) {
      const worker = await started(config, server);
      await pause(30 + Math.random() * 900);
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    const last = await started(config, server);
    const results = await Promise.all(
      chats.map(async ({ contact, customer }) => ({ contact, ...(await customer.done) })),
    );
    await expect.poll(() => server.agents[0]?.parts.size, { timeout: patience }).toBe(0);
    last.child.kill('SIGTERM');
    expect(await last.ended).toBe(0);

    const heard = results.map((result) => ({ ...result, arm: armHeard(result, lines) }));
    expect(heard.map(({ arm }) => arm).filter((arm) => arm !== 'plain' && arm !== 'warm')).toEqual([]);
    for (const contact of contacts) {
      const arms = heard.filter((one) => one.contact === contact).map(({ arm }) => arm);
      expect(new Set(arms), contact).toHaveLength(1);
    }
    const { exposed, chats: ended } = await recordsIn(store);
    expect(exposed).toHaveLength(chats.length);
    expect(ended).toHaveLength(chats.length);
    const joined = heard.map(({ chatId, arm }) => {
      // The invitations before the last part were let go.
      return [server.chats.get(chatId)?.parts.at(-1)?.interactionId, arm];
    });
    expect(ended.map(({ interactionId, arm }) => [interactionId, arm]).sort()).toEqual(joined.sort());
    expect(ended.map(({ measures }) => measures)).toEqual(
      ended.map(() =>
        expect.objectContaining({ greeted: 1, engaged: 1, answered: 1, abandoned: 0, turns: lines.length }),
      ),
    );
  });

  it('counts a chat that ended while nobody was there by what it had come to', async () => {
    const server = await simulator({ agents: [seat('Ada')] });
    const store = storeFile();
    const worker = await started(configOf(store), server);
    const [greeted, ...talking] = talk('contact', ['first']).steps.slice(0, -1);
    const steps = [greeted as never, ...talking, { say: 'Never mind, bye' }, { pause: patience }];
    const customer = server.arrive({ ...talk('contact', []), steps });
    await worker.prints(/15 characters/);
    worker.child.kill('SIGKILL');
    await worker.ended;

    const finish = definePlugin({
      name: 'finish',
      bot:
        () =>
        (interaction, { operations }) =>
          whenState(interaction, 'Chatting').pipe(concatMap(() => operations.stopProcessing())),
    });
    const byHand = await running(oneSeat(server.url, defineBot({ name: 'by-hand', plugins: [finish()] })));
    await expect.poll(() => server.agents[0]?.parts.size, { timeout: patience }).toBe(0);
    await byHand.host.stop();

    await running(configHere(server.url, {}, store));
    await expect.poll(async () => (await recordsIn(store)).chats, { timeout: patience }).toHaveLength(1);
    const [chat] = (await recordsIn(store)).chats;
    expect(chat?.interactionId).toBe(server.chats.get(customer.chatId)?.parts[0]?.interactionId);
    expect(chat?.measures).toMatchObject({ greeted: 1, engaged: 1, answered: 1, abandoned: 0 });
    expect(chat?.measures).not.toHaveProperty('duration');
  });
});
