import { defineBot, definePlugin } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { expect, it } from 'vitest';
import { oneSeat, running, simulator } from './contact-centre.ts';

const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

it('a plugin is kept away from the chats by hand, and set free again', async () => {
  const server = await simulator();
  const { host, until } = await running(
    oneSeat(server.url, defineBot({ name: 'tested', plugins: [autoAccept(), echo()] })),
  );
  const [session] = host.sessions;
  const customer = server.arrive({ firstName: 'Mia', steps: [{ expectAgent: 'Ada' }, { pause: 60_000 }] });
  const heard = () => customer.heard.map(({ text }) => text);
  await until(({ kind }) => kind === 'interaction-began');
  await expect.poll(() => server.chats.get(customer.chatId)?.active.length).toBe(1);
  customer.say('one');
  await expect.poll(heard).toEqual(['re: one']);

  session?.seat?.plugins.quarantine('echo', 'the supervisor says so');
  await until((entry) => entry.kind === 'plugin-quarantined' && entry.reason === 'the supervisor says so');
  expect(session?.seat?.plugins.plugins.find(({ plugin }) => plugin === 'echo')?.state).toBe('quarantined');
  customer.say('two');
  await until((entry) => entry.kind === 'notification' && JSON.stringify(entry.notification).includes('two'));

  session?.seat?.plugins.release('echo');
  customer.say('three');
  await expect.poll(heard).toEqual(['re: one', 're: three']);
});

it('the host is ready while every agent is, and not while one recovers', async () => {
  const server = await simulator();
  const { host, until } = await running(oneSeat(server.url, defineBot({ name: 'tested', plugins: [] })));
  expect(host.isReady).toBe(true);
  void server.restart({ downFor: 300 });
  await until((entry) => entry.kind === 'session' && entry.status === 'recovering');
  expect(host.isReady).toBe(false);
  await until((entry) => entry.kind === 'resynchronised');
  await expect.poll(() => host.isReady).toBe(true);
});
