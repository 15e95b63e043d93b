import type { Bot } from './bot/define-bot.ts';
import type { Plugin } from './bot/plugin.ts';

/** An agent, as far as its bots go. */
interface Staffed {
  readonly bots: readonly Bot[];
  readonly shadows?: readonly Bot[] | undefined;
}

/** What a server's URL must not have. */
export function urlFaults(url: string): string[] {
  const { username, password, pathname } = new URL(url);
  if (username !== '' || password !== '') return ['server.url holds credentials: put them under agents'];
  return pathname === '/' || /^\/api\/v\d\/?$/.test(pathname)
    ? []
    : [`server.url has the path ${pathname}: give the root, and the path as server.dialectOptions.basePath`];
}

/** Two agents of one login. */
export function sameLogin(agents: readonly { username: string }[], username: string, at: number): string[] {
  const first = agents.findIndex((agent) => agent.username === username);
  return first === at
    ? []
    : [`agents[${at}].username "${username}" is also that of agents[${first}]: a login is one seat`];
}

/** A shadow goes by its name, in recordings and reports. */
export function sameShadows({ bots, shadows = [] }: Staffed, at: number): string[] {
  return shadows.flatMap(({ name }, nth) => {
    const others = [...bots, ...shadows.slice(0, nth)];
    return others.some((other) => other.name === name)
      ? [
          `agents[${at}].shadows[${nth}] "${name}" has the name of another bot of the agent: give it one of its own`,
        ]
      : [];
  });
}

export function allBots({ bots, shadows = [] }: Staffed): readonly Bot[] {
  return [...bots, ...shadows];
}

/** Plugins of the process in a bot, and the other way round. */
export function misplaced(agents: readonly Staffed[], plugins: readonly Plugin[]): string[] {
  const serves = ({ definition }: Plugin): boolean => 'host' in definition;
  return [
    ...plugins.flatMap((plugin, at) =>
      serves(plugin) ? [] : [`plugins[${at}] (${plugin.name}) works in chats: list it in a bot`],
    ),
    ...agents.flatMap(({ bots, shadows = [] }, at) =>
      Object.entries({ bots, shadows }).flatMap(([field, list]) =>
        list
          .flatMap((bot) => bot.plugins)
          .filter(serves)
          .map(
            ({ name }) => `agents[${at}].${field}: ${name} serves the whole process: list it under plugins`,
          ),
      ),
    ),
  ];
}
