import { Host, resolveConfig } from 'usher-bots';
import { type CustomerResult, type CustomerStep, type Simulator, startSimulator } from 'usher-bots/simulator';
import { silentLog } from '../../core/session/silent-log.ts';
import { echoBot } from '../echo-bot.ts';
import type { FaultScenario } from './scenario.ts';
import { until } from './until.ts';

/** How a scenario went. */
export interface Verdict {
  readonly seed: number;
  /** What did not hold; none: all is well. */
  readonly failures: readonly string[];
  /** How often each kind of fault struck. */
  readonly injected: Readonly<Record<string, number>>;
  readonly chats: number;
}

const password = 'correct horse';
/** Milliseconds that a customer waits for a line, and that everything may take to come to rest. */
const patience = 30_000;

/** Plays a scenario over real sockets and looks whether every promise was kept. */
export async function play(scenario: FaultScenario): Promise<Verdict> {
  const failures: string[] = [];
  const simulator = await startSimulator({
    agents: [{ username: 'ada', password, firstName: 'Ada', capacity: 3 }],
    dialect: scenario.dialect,
    csrf: scenario.csrf,
    faults: scenario.faults,
    invitationTimeout: 5_000,
    cometd: { timeout: 2_000, maxInterval: 2_000 },
  });
  const host = new Host(
    resolveConfig({
      server: {
        url: simulator.url,
        dialect: scenario.dialect,
        settleTime: 500,
        requestTimeout: 700,
        auditEvery: 400,
      },
      agents: [{ username: 'ada', password, nickname: 'Ada', bots: [echoBot] }],
    }),
    silentLog,
  );
  try {
    failures.push(...(await serve(scenario, simulator, host)));
  } finally {
    await host.stop();
    await simulator.close();
  }
  const injected: Record<string, number> = {};
  for (const { kind } of simulator.faults.injected) injected[kind] = (injected[kind] ?? 0) + 1;
  return { seed: scenario.seed, failures, injected, chats: scenario.customers.length };
}

async function serve(scenario: FaultScenario, simulator: Simulator, host: Host): Promise<string[]> {
  const failed = await host.start();
  if (failed.length > 0) return failed.map(({ error }) => `the agent did not start: ${error.message}`);
  const customers = scenario.customers.map((turns, at) =>
    simulator.arrive({ firstName: `Customer${at}`, steps: stepsOf(turns) }),
  );
  const results = await Promise.all(customers.map(({ done }) => done));
  simulator.faults.stop();
  const failures = results.flatMap((result, at) => judge(result, scenario.customers[at] ?? []));

  const [agent] = simulator.agents;
  const open = () => host.sessions[0]?.openInteractions ?? 0;
  const atRest = await until(() => agent?.parts.size === 0 && open() === 0, patience);
  if (!atRest) {
    const states = [...(agent?.parts.values() ?? [])].map(({ chat, state }) => `${chat.id} ${state}`);
    failures.push(`work was left unfinished: ${states.join(', ')}; ${open()} open in the bot`);
  }
  for (const { id, lines } of simulator.chats.values()) {
    const signs = lines.filter(
      ({ type, from }) => from.type === 'Agent' && /^Typing|^ParticipantLeft$/.test(type),
    );
    if (signs.at(-1)?.type === 'TypingStarted') failures.push(`${id}: the sign of typing was left on`);
  }
  const connected = await until(() => {
    const { cometdSessions, subscriptions } = simulator.connections('ada');
    return cometdSessions === 1 && subscriptions === 1 && host.sessions[0]?.status === 'ready';
  }, patience);
  if (!connected) failures.push(`not one connection but ${JSON.stringify(simulator.connections('ada'))}`);
  return failures;
}

function stepsOf(turns: readonly (readonly string[])[]): CustomerStep[] {
  const within = patience;
  return [
    { expect: 'Hello', within },
    ...turns.flatMap((lines) => [
      ...lines.map((say) => ({ say })),
      ...lines.map((line) => ({ expect: `re: ${line}`, within })),
    ]),
    { leave: true },
  ];
}

function judge(
  { name, served, failure, heard }: CustomerResult,
  turns: readonly (readonly string[])[],
): string[] {
  const failures: string[] = [];
  if (!served) failures.push(`${name} was not served: ${failure}`);
  const wanted = [`Hello ${name}!`, ...turns.flat().map((line) => `re: ${line}`)];
  const got = heard.map(({ text }) => text);
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    failures.push(`${name} heard ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  return failures;
}
