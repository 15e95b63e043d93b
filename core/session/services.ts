import type { Services, Token } from '../bot/plugin.ts';
import { TokenProvider } from '../ports.ts';

/** A service of one's own, injectable into plugins by its token. */
export interface Service {
  readonly kind: 'service';
  readonly token: Token;
  /** `host`: one for all agents. `session`: one per agent, closed with it. */
  readonly scope: 'host' | 'session';
  readonly inject: readonly Token[];
  readonly create: (...services: readonly unknown[]) => unknown;
  readonly dispose: ((service: unknown) => void | Promise<void>) | undefined;
}

export interface ServiceDefinition<Value, Tokens extends readonly Token[]> {
  /** The abstract class that names it. */
  readonly token: Token<Value>;
  /**
   * Default: 'session'. A service that needs the agent must not be of the host; a `TokenProvider`, which agents log
   * in by, always is.
   */
  readonly scope?: 'host' | 'session';
  readonly inject?: Tokens;
  readonly create: (...services: Services<Tokens>) => Value;
  /** Called when the session, or the host, stops. */
  readonly dispose?: (service: Value) => void | Promise<void>;
}

/**
 * Provides a service under a token, for the `services` of the config.
 *
 * @example defineService({ token: Weather, scope: 'host', create: () => new OpenWeather() })
 */
export function defineService<Value, const Tokens extends readonly Token[] = []>(
  definition: ServiceDefinition<Value, Tokens>,
): Service {
  const { token, scope, inject, create, dispose } = definition;
  return {
    kind: 'service',
    token,
    scope: token === TokenProvider ? 'host' : (scope ?? 'session'),
    inject: inject ?? [],
    create: create as Service['create'],
    dispose: dispose as Service['dispose'],
  };
}

/** Whether agents log in by token rather than by password. */
export function logsInByToken(services: readonly Service[]): boolean {
  return services.some(({ token }) => token === TokenProvider);
}
