import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ignoreElements, tap } from 'rxjs';
import { type Bot, defineBot, definePlugin, Host, resolveConfig } from 'usher-bots';
import { answers } from 'usher-bots/plugins/answers';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { greeter } from 'usher-bots/plugins/greeter';
import { recorder } from 'usher-bots/plugins/recorder';
import { typing } from 'usher-bots/plugins/typing';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import { type FaultOptions, startSimulator } from 'usher-bots/simulator';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { gws850 } from '../../../core/dialects/gws-8.5.0.ts';
import { joined, readRecording } from '../../../core/recording/read-recording.ts';
import { type Recording, recordedKinds } from '../../../core/recording/recording.ts';
import { interactionsIn, toScenario } from '../../../core/recording/to-scenario.ts';
import { silentLog } from '../../../core/session/silent-log.ts';
import { compare } from '../../../core/testing/replay/compare.ts';
import { replay } from '../../../core/testing/replay/replay.ts';
import { KitWorld } from '../../../core/testing/scenarios/kit-world.ts';
import { playScenario } from '../../../core/testing/scenarios/play-scenario.ts';
import { readScenarios } from '../../../core/testing/scenarios/read-scenarios.ts';
import { VirtualTime } from '../../../core/testing/virtual-time.ts';
import { oneSeat, password, seat } from '../../integration/contact-centre.ts';

const talking = (reply = 'I block it.'): Bot['plugins'] => [
  autoAccept(),
  greeter({ text: 'Hello {FirstName}!' }),
  answers({ answers: [{ when: 'card', reply }], otherwise: 'Pardon?' }),
  typing({ charactersPerSecond: 200, minimum: 10, maximum: 50 }),
  wrapUp(),
];
const bot = (plugins = talking()): Bot => defineBot({ name: 'talking', plugins });

/** Customers who chat with bots over sockets, while that is recorded. */
async function recorded(
  options: { texts?: 'redacted' | 'own' | 'all'; rotate?: number; faults?: FaultOptions } = {},
): Promise<{ folder: string; files: readonly string[]; recording: Recording }> {
  const { faults, ...rest } = options;
  const folder = mkdtempSync(join(tmpdir(), 'usher-recording-'));
  const server = await startSimulator({ agents: [seat('Ada', 3)], ...(faults && { faults }) });
  let told = 0;
  const counter = definePlugin({
    name: 'counter',
    session:
      () =>
      ({ journal$ }) =>
        journal$.pipe(
          tap(({ kind }) => {
            if ((recordedKinds as readonly string[]).includes(kind)) told += 1;
          }),
          ignoreElements(),
        ),
  });
  const bots = bot([...talking(), recorder({ folder, ...rest }), counter()]);
  const host = new Host(resolveConfig(oneSeat(server.url, bots)), silentLog);
  expect(await host.start()).toEqual([]);
  const customers = ['Mia', 'Jonas', 'Lea', 'Tom'].map((firstName) =>
    server.arrive({
      firstName,
      userData: { Card: `4556-${firstName}-1111` },
      steps: [
        { expect: 'Hello', within: 100_000 },
        { say: 'My card is blocked' },
        { expect: 'block', within: 100_000 },
        { say: 'Hm' },
        { expect: 'Pardon', within: 100_000 },
        { leave: true },
      ],
    }),
  );
  const results = await Promise.all(customers.map(({ done }) => done));
  expect(results.map(({ failure }) => failure)).toEqual(results.map(() => undefined));
  server.faults.stop();
  // A chat whose last operation is cut short by the end is not replayed alike.
  await host.stop({ within: 60_000 });
  await server.close();
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name));
  const lines = () => files.flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1));
  await vi.waitUntil(() => lines().length === told + files.length, { timeout: 10_000 });
  const recording = joined(files.map((file) => readRecording(file, readFileSync(file, 'utf8'))));
  return { folder, files, recording };
}

const differences = async (recording: Recording, plugins = talking()) =>
  compare(recording.entries, await replay(recording, { bots: [bot(plugins)], dialect: gws850() }))
    .differences;

describe('a recording of a run under faults', { timeout: 180_000 }, () => {
  let faulty: Recording;
  beforeAll(async () => {
    const faults = {
      seed: 7,
      duplicate: 0.2,
      reorder: 0.2,
      delay: 0.2,
      gap: 0.1,
      slow: 0.2,
      eventBeforeReply: 0.3,
      cutAfter: 0.04,
      session402: 0.01,
      errorEvent: 0.05,
    };
    ({ recording: faulty } = await recorded({ texts: 'all', faults }));
  }, 180_000);

  it('is replayed to the same operations', async () => {
    expect(faulty.entries.length).toBeGreaterThan(50);
    expect(await differences(faulty)).toEqual([]);
  });

  it('is replayed alike each time', async () => {
    const run = async () => JSON.stringify(await replay(faulty, { bots: [bot()], dialect: gws850() }));
    expect(await run()).toBe(await run());
  });

  it('shows a changed reply as one difference for each time it was given', async () => {
    const once = interactionsIn(faulty)[0] ?? '';
    const all = await differences(faulty, talking('I blocked it.'));
    expect(all.filter(({ interactionId }) => interactionId === once)).toEqual([
      {
        kind: 'changed',
        interactionId: once,
        was: 'sendMessage {"text":"I block it."}',
        is: 'sendMessage {"text":"I blocked it."}',
      },
    ]);
    expect(all.every(({ kind }) => kind === 'changed')).toBe(true);
  });

  it('shows what is missing, and what is new', async () => {
    const [first] = interactionsIn(faulty);
    const without = talking().filter(({ name }) => name !== 'greeter');
    const missing = (await differences(faulty, without)).filter(
      ({ interactionId }) => interactionId === first,
    );
    expect(missing).toContainEqual(
      expect.objectContaining({ kind: 'missing', was: expect.stringContaining('Hello') }),
    );
  });
});

describe('a recording', { timeout: 120_000 }, () => {
  it('holds nothing of a customer, and no secret, unless asked to; and yet can be replayed', async () => {
    const { folder, files, recording } = await recorded();
    const written = files.map((file) => readFileSync(file, 'utf8')).join('');
    for (const secret of [password, 'Mia', 'Jonas', '4556-', 'My card', 'Pardon', 'Hello'])
      expect(written).not.toContain(secret);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    const journal = await replay(recording, { bots: [bot()], dialect: gws850() });
    const greeted = journal.filter(
      (entry) => entry.kind === 'outcome' && entry.outcome.operation.name === 'sendMessage',
    );
    expect(greeted.length).toBeGreaterThan(3);
  });

  it('becomes scenarios that the same bots pass', async () => {
    const { recording } = await recorded({ texts: 'all' });
    for (const id of interactionsIn(recording)) {
      const source = toScenario(recording, id);
      const [written] = readScenarios('x.yaml', source);
      if (written === undefined) return expect.unreachable(source);
      const played = await VirtualTime.run(async (time) => {
        const options = { bots: [bot()], services: [], dialect: gws850() };
        const world = new KitWorld(time, written.scenario, options);
        const result = await playScenario(written, world);
        await world.close();
        return result;
      });
      expect(played.failure, `${source}\n${played.chronicle}`).toBeUndefined();
    }
  });

  it('goes on in another file when one is full, and is one recording all the same', async () => {
    const { files, recording } = await recorded({ texts: 'all', rotate: 4_000 });
    expect(files.length).toBeGreaterThan(2);
    expect(await differences(recording)).toEqual([]);
  });

  it.each([
    ['no recording', 'hello', 'x.jsonl:1: is no header of a recording'],
    [
      'another version',
      '{"format":"usher-recording","version":2}',
      'x.jsonl:1: has version 2, and this Usher reads version 1',
    ],
    [
      'a line that is no entry',
      '{"format":"usher-recording","version":1,"agent":{"username":"a"},"at":0}\n{"t":"soon"}\n{"t":1,"kind":"session","status":"ready"}\n',
      'x.jsonl:2: is no entry of a recording',
    ],
  ])('that is %s is refused, with file and line', (_what, source, message) => {
    expect(() => readRecording('x.jsonl', source)).toThrow(message);
  });

  it('whose last line was cut short is read up to there', () => {
    const header = '{"format":"usher-recording","version":1,"agent":{"username":"a"},"at":0}\n';
    expect(
      readRecording('x', `${header}{"t":1,"kind":"session","status":"ready"}\n{"t":2,"ki`).entries,
    ).toHaveLength(1);
  });
});
