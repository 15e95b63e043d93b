import { asyncScheduler } from 'rxjs';
import { type Bot, defineBot, type HostHooks } from 'usher-bots';
import { autoAccept } from 'usher-bots/plugins/auto-accept';
import { webConsole } from 'usher-bots/plugins/console';
import { greeter } from 'usher-bots/plugins/greeter';
import { wrapUp } from 'usher-bots/plugins/wrap-up';
import type { Simulator, SimulatorOptions } from 'usher-bots/simulator';
import { SimulatedPlayground } from '../../../core/cli/playground/simulated-playground.ts';
import type { FleetOptions } from '../../../core/fleet/fleet-options.ts';
import { password, type Running, running, seat, simulator } from '../../integration/contact-centre.ts';
import { Visitor } from './visitor.ts';

export interface ConsoleWorld extends Running {
  readonly server: Simulator;
  readonly url: string;
  readonly told: readonly string[];
  /** How often a plugin has asked for a stop. */
  readonly stops: readonly (number | undefined)[];
  /** Somebody at the page, who has been welcomed. */
  visit(): Promise<Visitor>;
}

const greets: Bot = defineBot({
  name: 'greets',
  plugins: [autoAccept(), greeter({ text: 'Hello!' }), wrapUp()],
});

/** Agents on a simulated server, with the console on a free port; all of it ends with the test. */
export async function consoleWorld({
  bot = greets,
  options = {},
  play = true,
  agents = ['Ada'],
  capacity = 5,
  simulated = {},
  store,
  fleet,
}: {
  readonly bot?: Bot;
  readonly options?: Parameters<typeof webConsole>[0];
  /** Whether the simulator is a playground. */
  readonly play?: boolean;
  readonly agents?: readonly string[];
  readonly capacity?: number;
  readonly simulated?: SimulatorOptions;
  /** The file of the store, or the URL of its database. Default: none. */
  readonly store?: string;
  /** How the agents are shared with others on the store. Default: with nobody. */
  readonly fleet?: FleetOptions;
} = {}): Promise<ConsoleWorld> {
  const server = await simulator({ agents: agents.map((name) => seat(name, capacity)), ...simulated });
  const told: string[] = [];
  const stops: (number | undefined)[] = [];
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const hooks: HostHooks = {
    ...(play && { playground: new SimulatedPlayground(server, asyncScheduler.now) }),
    onTold: (line) => {
      told.push(line);
      resolve(/https?:\/\/[^\s;]+/.exec(line)?.[0] ?? '');
    },
    onStop: (within) => stops.push(within),
  };
  const world = await running(
    {
      server: { url: server.url },
      ...(store !== undefined && { store }),
      ...(fleet !== undefined && { fleet }),
      plugins: [webConsole({ port: 0, ...options })],
      agents: agents.map((username) => ({ username, password, nickname: username, bots: [bot] })),
    },
    hooks,
  );
  const url = await listening;
  return {
    ...world,
    server,
    url,
    told,
    stops,
    visit: async () => {
      const visitor = new Visitor(url);
      await visitor.arrive();
      return visitor;
    },
  };
}
