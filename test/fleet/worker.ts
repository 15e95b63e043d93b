import { defineBot, definePlugin, Host, openStore, resolveConfig, type Store } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { silentLog } from '../../core/session/silent-log.ts';
import type { StorePlace } from '../../core/store/open-store.ts';

/** One worker of a fleet that is going to be killed, frozen and replaced. */
const [url = '', store = '', agents = '', ttl = '', protection = '', proxy] = process.argv.slice(2);

/** Answers each line of the customer by its own words. */
const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

const bot = defineBot({
  name: 'tested',
  plugins: [
    autoAccept(),
    greeter({ text: 'Hello {FirstName}!' }),
    echo(),
    wrapUp(),
    typing({ charactersPerSecond: 1_000, minimum: 2, maximum: 20 }),
  ],
});

/** A store by which nobody learns that a lease has ended, or what was said before: for a test of the test. */
async function unprotected(place: StorePlace): Promise<Store> {
  const opened = await openStore(place);
  const [join, claim] = [opened.join.bind(opened), opened.claim.bind(opened)];
  return Object.assign(opened, {
    join: async (...args: Parameters<Store['join']>) =>
      Object.defineProperty(await join(...args), 'ok', { value: () => true }),
    claim: async (...args: Parameters<Store['claim']>) =>
      (await claim(...args)).map((one) => ({ ...one, interactions: [] })),
  });
}

const host = new Host(
  resolveConfig({
    server: { url, proxy: proxy ?? false, settleTime: 400, requestTimeout: 1_000, auditEvery: 500 },
    store,
    fleet: { ttl: Number(ttl) },
    agents: agents.split(',').map((username) => ({
      username,
      password: 'correct horse',
      nickname: username,
      bots: [bot],
    })),
  }),
  silentLog,
  protection === 'off' ? { openStore: unprotected } : {},
);
host.journal$.subscribe((entry) => {
  if (entry.kind === 'problem') process.stderr.write(`${entry.agent}: ${entry.code}: ${entry.message}\n`);
});
await host.start();
process.stdout.write('joined\n');
process.on('SIGTERM', async () => {
  process.stdout.write(`${JSON.stringify(await host.stop({ within: 1_000 }))}\n`);
});
