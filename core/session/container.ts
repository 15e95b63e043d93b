import 'reflect-metadata/lite';
import { Container, type Newable, type ServiceIdentifier } from 'inversify';
import type { Analytics } from '../analytics/analytics.ts';
import type { Bot } from '../bot/define-bot.ts';
import type { Plugin, Token } from '../bot/plugin.ts';
import type { PreparedBot } from '../bot/runner.ts';
import type { ArmChooser, PreparedPlugin } from '../bot/running-plugin.ts';
import { messageOf, UsherError } from '../errors.ts';
import { Clock, Journal, Logger, OperationsGateway, TokenProvider } from '../ports.ts';
import type { Service } from './services.ts';

/** What every container of the process inherits. */
export interface RootServices {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly log: Logger;
  readonly services: readonly Service[];
  /** Decides which arms of experiments a chat is in. */
  readonly experiments: ArmChooser;
  /** Tells the world outside of chats. Default: nothing is told. */
  readonly analytics?: Pick<Analytics, 'watch'> | undefined;
}

/**
 * The container of the process. Every service of scope `host` is made here and now, so that one that needs
 * something of a session fails at start, by name, instead of keeping the first session's for ever.
 *
 * @throws UsherError USHER_BINDING
 */
export function rootContainer({
  clock,
  journal,
  log,
  services,
}: Omit<RootServices, 'experiments'>): Container {
  const root = new Container({ defaultScope: 'Singleton' });
  root.bind(Clock).toConstantValue(clock);
  root.bind(Journal).toConstantValue(journal);
  root.bind(Logger).toConstantValue(log);
  const own = services.filter(({ scope }) => scope === 'host');
  for (const service of own) bindService(root, service);
  for (const { token } of own) resolve(root, token, 'a service of scope host');
  return root;
}

/** What agents log in by, if the config gives it. */
export function tokenProviderOf(root: Container): TokenProvider | undefined {
  const isGiven = root.isBound(identifier(TokenProvider));
  return isGiven ? (resolve(root, TokenProvider, 'the log-in') as TokenProvider) : undefined;
}

/** The container of one agent session: its gateway, its journal, its services, and the plugins of its bots. */
export function sessionContainer(
  root: Container,
  gateway: OperationsGateway,
  services: readonly Service[],
  journal?: Journal,
): Container {
  const container = new Container({ parent: root, defaultScope: 'Singleton' });
  if (journal !== undefined) container.bind(Journal).toConstantValue(journal);
  container.bind(OperationsGateway).toConstantValue(gateway);
  for (const service of services) if (service.scope === 'session') bindService(container, service);
  return container;
}

/**
 * The bots with their plugins created, each plugin with the services it asked for.
 *
 * @throws UsherError USHER_BINDING, USHER_PLUGIN_FAILED
 */
export function prepareBots(container: Container, bots: readonly Bot[]): PreparedBot[] {
  return bots.map(({ name, handles, plugins }) => ({
    name,
    handles,
    plugins: plugins.map((plugin) => preparePlugin(container, plugin)),
  }));
}

/**
 * A plugin with its parts, created with the services it asked for.
 *
 * @throws UsherError USHER_BINDING, USHER_PLUGIN_FAILED
 */
export function preparePlugin(container: Container, plugin: Plugin): PreparedPlugin {
  const { name, limits, arms } = plugin;
  return { source: plugin, name, limits, parts: create(container, plugin), ...(arms && { arms }) };
}

function create(container: Container, plugin: Plugin): ReturnType<Plugin['create']> {
  const services = plugin.inject.map((token) => resolve(container, token, `plugin ${plugin.name}`));
  try {
    return plugin.create(...services);
  } catch (thrown) {
    const message = `plugin ${plugin.name} cannot be created: ${messageOf(thrown)}`;
    throw new UsherError('USHER_PLUGIN_FAILED', message, { cause: thrown });
  }
}

function bindService(container: Container, { token, inject, create: make, dispose }: Service): void {
  const binding = container
    .bind(identifier(token))
    .toResolvedValue((...services: unknown[]) => make(...services), inject.map(identifier))
    .inSingletonScope();
  if (dispose !== undefined) binding.onDeactivation((service) => dispose(service));
}

function resolve(container: Container, token: Token, wanted: string): unknown {
  try {
    return container.get(identifier(token));
  } catch (thrown) {
    throw new UsherError(
      'USHER_BINDING',
      `${wanted} needs ${token.name}, which cannot be provided: ${firstLine(thrown)}`,
      {
        cause: thrown,
      },
    );
  }
}

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split('\n', 1)[0] ?? '';
}

function identifier(token: Token): ServiceIdentifier<unknown> {
  return token as unknown as Newable<unknown>;
}
