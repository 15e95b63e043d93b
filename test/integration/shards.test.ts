import { defineBot, definePlugin, openStore } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { webConsole } from 'usher-bots/plugins/console';
import { greeter } from 'usher-bots/plugins/greeter';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { agentKey } from '../../core/session/roster.ts';
import { shardOf } from '../../core/store/shard-of.ts';
import { newDatabase } from '../postgres/new-database.ts';
import { sharedServer } from '../postgres/shared-server.ts';
import { tunnelTo } from '../postgres/tunnel.ts';
import { password, running, seat, simulator } from './contact-centre.ts';

/** More than are run: some of them are in each shard, whatever the port of the server. */
const names = Array.from({ length: 40 }, (_, nth) => `Ada${nth}`);

const echo = definePlugin({
  name: 'echo',
  message:
    () =>
    ({ text }, { operations }) =>
      operations.sendMessage(`re: ${text}`),
});

const bot = (name: string) =>
  defineBot({
    name: 'tested',
    plugins: [autoAccept(), greeter({ text: `I am ${name}` }), echo()],
  });

/** What the probes say at the addresses that were told. */
function readyz(told: readonly string[]): Promise<readonly string[]> {
  const urls = told.flatMap((line) => /http:\S+/.exec(line)?.[0] ?? []);
  return Promise.all(
    urls.map(async (url) => {
      const answer = await fetch(`${url}/readyz`);
      return `${answer.status} ${(await answer.text()).trim()}`;
    }),
  );
}

describe('two workers on two databases, one of which is lost while customers talk', () => {
  it('goes on with the agents of the other, and with its own when it is back', {
    timeout: 120_000,
  }, async () => {
    const { port } = await sharedServer(inject('postgres'));
    const [one, other] = [await newDatabase(), await newDatabase()];
    const way = await tunnelTo(port);
    onTestFinished(() => way.close());
    // The port of the server is a part of an agent's name, so where it is turns out now.
    const server = await simulator({
      agents: names.map((name) => seat(name, 1)),
      invitationTimeout: 6_000,
      cometd: { timeout: 2_000, maxInterval: 2_000, maxSessionsPerBrowser: -1 },
    });
    const isIn = (shard: number) => (name: string) => shardOf(agentKey(name, server.url), 2) === shard;
    const staying = names.filter(isIn(0)).slice(0, 2);
    const lost = names.filter(isIn(1)).slice(0, 2);
    const agents = [...staying, ...lost];
    expect(agents.length).toBe(4);

    const config = {
      server: { url: server.url, settleTime: 300, requestTimeout: 1_000 },
      store: [one, other.replace(`:${port}/`, `:${way.port}/`)],
      fleet: { ttl: 5_000 },
      plugins: [webConsole({ port: 0, page: false })],
      agents: agents.map((name) => ({ username: name, password, nickname: name, bots: [bot(name)] })),
    };
    const told: string[] = [];
    const hooks = {
      onTold: (line: string) => void told.push(line),
      openStore: (place: Parameters<typeof openStore>[0]) => openStore(place, { deadlineMs: 1_500 }),
    };
    const workers = [await running(config, hooks), await running(config, hooks)];
    const run = (): readonly string[] =>
      workers
        .flatMap(({ host }) => host.sessions)
        .filter(({ status }) => status === 'ready')
        .map(({ username }) => username)
        .sort();
    const shares = () => workers.map(({ host }) => host.sessions.length);
    await expect.poll(() => [shares(), run()], { timeout: 30_000 }).toEqual([[2, 2], agents.toSorted()]);

    let going = true;
    const customers = agents.map((_, at) => {
      let said = 0;
      const next = (): readonly object[] => {
        said += 1;
        const line = [
          { say: `line ${said}` },
          { expect: `re: line ${said}`, within: 60_000 },
          { pause: 100 },
        ];
        return going ? [...line, { choose: next }] : [...line, { leave: true }];
      };
      return server.arrive({
        firstName: `Mia${at}`,
        steps: [{ expect: 'I am', within: 30_000 }, { choose: next }] as never,
      });
    });
    const heardOf = (some: readonly string[]): readonly number[] =>
      customers
        .filter(({ heard }) => some.some((name) => heard[0]?.text === `I am ${name}`))
        .map(({ heard }) => heard.length);
    await expect.poll(() => heardOf(agents), { timeout: 30_000 }).toEqual(Array(4).fill(expect.any(Number)));
    const least = (some: readonly string[]): number => Math.min(...heardOf(some));
    await expect.poll(() => least(agents), { timeout: 30_000 }).toBeGreaterThan(3);
    const entriesBefore = workers.map(({ entries }) => entries.length);

    way.swallow();
    await expect.poll(run, { timeout: 20_000 }).toEqual(staying.toSorted());
    const stranded = workers.map(({ host }) => host.strandedAgents.toSorted());
    expect(stranded).toEqual([lost.toSorted(), lost.toSorted()]);
    expect(await readyz(told)).toEqual(
      workers.map(() => `200 ready; the store of these does not answer: ${lost.join(', ')}`),
    );
    const silent = heardOf(lost);
    const before = least(staying);
    await expect.poll(() => least(staying), { timeout: 20_000 }).toBeGreaterThan(before + 5);
    expect(heardOf(lost)).toEqual(silent);
    // Nothing has happened to the others' sessions.
    const disturbed = workers.flatMap(({ entries }, at) =>
      entries
        .slice(entriesBefore[at])
        .filter(({ kind, agent }) => kind === 'session' && staying.includes(agent)),
    );
    expect(disturbed).toEqual([]);

    way.forward();
    await expect.poll(run, { timeout: 30_000 }).toEqual(agents.toSorted());
    await expect
      .poll(() => Math.min(...heardOf(lost)), { timeout: 30_000 })
      .toBeGreaterThan(Math.max(...silent) + 2);
    await expect.poll(() => readyz(told), { timeout: 30_000 }).toEqual(['200 ready', '200 ready']);
    going = false;
    for (const { failure, heard } of await Promise.all(customers.map(({ done }) => done))) {
      expect(failure).toBeUndefined();
      const [greeting, ...lines] = heard.map(({ text }) => text);
      expect(greeting).toMatch(/^I am/);
      expect(lines).toEqual(lines.map((_, nth) => `re: line ${nth + 1}`));
    }
  });
});
