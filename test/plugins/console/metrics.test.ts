import { spawnSync } from 'node:child_process';
import { defineBot, definePlugin } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { handOff } from 'usher-bots/plugins/hand-off';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { expect, it } from 'vitest';
import { program } from '../../debian.ts';
import { cora, seat } from '../../integration/contact-centre.ts';
import { consoleWorld } from './console-world.ts';

const failing = definePlugin({
  name: 'failing',
  message:
    () =>
    ({ text }) => {
      if (text === 'Break!') throw new Error('out of order');
    },
});

const bot = defineBot({
  name: 'counted',
  handles: ({ kind }) => kind !== 'consultation',
  plugins: [
    autoAccept(),
    greeter({ text: 'Hello!' }),
    answers({ answers: [{ when: ['hours'], reply: 'From 8 to 18 h.' }] }),
    handOff({
      to: { agentId: cora.id ?? '' },
      on: ['human'],
      texts: { requested: 'One moment.', accepted: 'Bye.' },
      fallback: { text: 'Nobody is free.' },
    }),
    failing(),
    wrapUp(),
  ],
});

/** The samples of a scrape, each by its name with its labels. */
function samples(text: string): ReadonlyMap<string, number> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ');
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}

it('are what happened, after a run of which everything is known', async () => {
  const { visit, server, until, entries } = await consoleWorld({
    bot,
    simulated: { agents: [seat('Ada', 5), cora] },
  });
  const visitor = await visit();
  const scrape = async () => samples((await visitor.get<string>('/metrics')).body);

  const asks = { say: 'Your hours?' };
  const told = { expect: '18 h' };
  const served = await Promise.all(
    [
      { firstName: 'Mia', steps: [{ expect: 'Hello' }, asks, told, asks, told, { leave: true as const }] },
      {
        firstName: 'Jonas',
        steps: [{ expect: 'Hello' }, { say: 'A human, please' }, { expect: 'Cora here.' }],
      },
      {
        firstName: 'Ben',
        steps: [{ expect: 'Hello' }, { say: 'Break!' }, { pause: 200 }, { leave: true as const }],
      },
    ].map((script) => server.arrive(script).done),
  );
  expect(served.map((result) => result.served)).toEqual([true, true, true]);
  await expect.poll(() => entries.filter(({ kind }) => kind === 'interaction-ended').length).toBe(3);

  const stays = server.arrive({ firstName: 'Eve', steps: [{ expect: 'Hello' }, { pause: 600_000 }] });
  await until((entry) => entry.kind === 'outcome' && entry.outcome.operation.interactionId === stays.chatId);
  await expect.poll(() => stays.heard.length).toBe(1);
  server.faults.plan({ kind: 'duplicate', times: 1 });
  stays.say('Again?');
  await until((entry) => entry.kind === 'problem' && entry.code === 'USHER_LINE_REPEATED');
  server.expireSessions();
  server.cut();
  await until(({ kind }) => kind === 'resynchronised');
  await visitor.act({ do: 'take-over', agent: 'Ada', interaction: stays.chatId });
  await visitor.act({ do: 'say', agent: 'Ada', interaction: stays.chatId, text: 'A human speaks.' });
  await visitor.act({ do: 'quarantine', plugin: 'answers' });

  const found = await scrape();
  const value = (name: string) => found.get(name);
  const sum = (pattern: RegExp) =>
    [...found].reduce((total, [name, count]) => (pattern.test(name) ? total + count : total), 0);
  expect({
    invitations: value('usher_invitations_total'),
    accepted: value('usher_accept_latency_seconds_count'),
    greeted: value('usher_greeting_latency_seconds_count'),
    firstReplies: value('usher_reply_latency_seconds_count{reply="first"}'),
    nextReplies: value('usher_reply_latency_seconds_count{reply="next"}'),
    handOffs: value('usher_handoffs_total{phase="completed",reason="asked"}'),
    openWithHuman: value('usher_chats_open{owner="human"}'),
    openWithBot: value('usher_chats_open{owner="bot"}'),
    ended: sum(/^usher_chats_ended_total/),
    accepts: value('usher_operations_total{operation="accept",outcome="sent",plugin="auto-accept"}'),
    greetings: value('usher_operations_total{operation="sendMessage",outcome="sent",plugin="greeter"}'),
    byHand: value('usher_operations_total{operation="sendMessage",outcome="sent",plugin="human"}'),
    duplicates: value('usher_duplicates_dropped_total'),
    recoveries: value('usher_recoveries_total'),
    gaps: value('usher_recovery_gap_seconds_count'),
    failures: value('usher_plugin_failures_total{plugin="failing",code="USHER_PLUGIN_FAILED"}'),
    quarantined: value('usher_plugins_quarantined{plugin="answers"}'),
    takenOver: value('usher_owner_changes_total{owner="human"}'),
    sessions: value('usher_sessions{status="ready"}'),
    ready: value('usher_ready'),
    waiting: sum(/^usher_lane_depth/),
  }).toEqual({
    invitations: 4,
    accepted: 4,
    greeted: 4,
    // Mia's, and Jonas' "One moment".
    firstReplies: 2,
    nextReplies: 1,
    handOffs: 1,
    openWithHuman: 1,
    openWithBot: 0,
    ended: 3,
    accepts: 4,
    greetings: 4,
    byHand: 1,
    duplicates: 1,
    recoveries: 1,
    gaps: 1,
    failures: 1,
    quarantined: 1,
    takenOver: 1,
    sessions: 1,
    ready: 1,
    waiting: 0,
  });
  const operations = sum(/^usher_operations_total/);
  expect(operations).toBe(entries.filter(({ kind }) => kind === 'outcome').length);
  expect(sum(/^usher_operation_duration_seconds_count/)).toBe(operations);
  expect(value('usher_greeting_latency_seconds_sum')).toBeGreaterThan(0);
});

it('are what Prometheus reads without a complaint, and tell nothing of customers', async () => {
  const { visit, server, until } = await consoleWorld();
  server.arrive({
    firstName: 'Rosalind',
    steps: [{ expect: 'Hello!' }, { say: 'My secret' }, { leave: true }],
  });
  await until(({ kind }) => kind === 'interaction-ended');
  const { body, headers } = await (await visit()).get<string>('/metrics');
  expect(headers.get('content-type')).toMatch(/^text\/plain/);
  const { status, stderr } = spawnSync(program('promtool', 'prometheus'), ['check', 'metrics'], {
    input: body,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(body).not.toMatch(/Rosalind|secret|Ada/);
});
