import { inspect } from 'node:util';
import { type ConfigInput, defineConfig, defineService, resolveConfig } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { autoGreeter } from '../../bots/auto-greeter.ts';
import { receptionist } from '../../bots/receptionist.ts';

const bots = [autoGreeter()];
const agent = { username: 'ada', password: 'secret', bots };
const url = 'https://gws.example.test';

/** The message that a config, as a user without types could write it, is refused with. */
function refusal(config: unknown, env: Record<string, string> = {}): string {
  try {
    resolveConfig(config as ConfigInput, env);
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : inspect(thrown);
  }
  return 'none';
}

describe('a config', () => {
  it('is returned as it is by defineConfig, object or function', () => {
    const object = { agents: [agent] };
    const make = () => object;
    expect([defineConfig(object), defineConfig(make)]).toEqual([object, make]);
  });

  it('keeps agents and services in their order', () => {
    abstract class Weather {}
    const service = defineService({ token: Weather, create: () => new (class extends Weather {})() });
    const bea = { ...agent, username: 'bea', nickname: 'Bea', place: 'Desk 7' };
    const config = resolveConfig({ agents: [agent, bea], services: [service] });
    expect(config.agents).toEqual([agent, bea]);
    expect(config.services).toEqual([service]);
  });

  it('sends no double slash to the server when the base path ends with one', () => {
    const server = { dialectOptions: { basePath: '/gws/api/' } };
    expect(resolveConfig({ server, agents: [agent] }).dialect.basePath).toBe('/gws/api');
  });

  it('needs no password with the simulator', () => {
    expect(resolveConfig({ agents: [{ username: 'ada', bots }] }).agents).toMatchObject([
      { username: 'ada' },
    ]);
  });
});

describe('a config is refused', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'the config: Invalid input: expected object, received null'],
    ['an array', [], 'the config: Invalid input: expected object, received array'],
    ['agents that are no list', { agents: {} }, 'agents: Invalid input: expected array, received object'],
    ['no bots', { agents: [{ username: 'ada' }] }, 'agents[0].bots is missing'],
    [
      'plugins for bots',
      { agents: [{ ...agent, bots: bots[0]?.plugins.slice(0, 1) }] },
      'agents[0].bots[0] is no bot',
    ],
    ['a service that is none', { agents: [agent], services: [{}] }, 'services[0] is no service'],
    [
      'a service that was not made',
      { agents: [agent], services: [() => 1] },
      'services[0] is a function: call it, as in defineService({ … })',
    ],
    [
      'a password that is a number',
      { agents: [{ ...agent, password: 1234 }] },
      'agents[0].password: Invalid input: expected string, received number',
    ],
    [
      'an option deep in the dialect',
      { agents: [agent], server: { dialectOptions: { transferKeys: { agnt: 'x' } } } },
      'server.dialectOptions.transferKeys.agnt is not a known option',
    ],
    [
      'a base path that is none',
      { agents: [agent], server: { dialectOptions: { basePath: 'api' } } },
      'server.dialectOptions.basePath: Invalid string: must start with "/"',
    ],
    [
      'a login that Basic cannot carry',
      { agents: [{ ...agent, username: 'ada:stone' }] },
      'agents[0].username: must not contain a colon',
    ],
  ])('with %s', (_what, config, message) => {
    expect(refusal(config)).toBe(message);
  });

  it('with every fault at once', () => {
    const config = { server: { url: `${url}/gws` }, agents: [{ username: 'ada', bots }, agent, agent] };
    expect(refusal(config).split('\n')).toEqual([
      'server.url has the path /gws: give the root, and the path as server.dialectOptions.basePath',
      'agents[0].password is missing',
      'agents[1].username "ada" is also that of agents[0]: a login is one seat',
      'agents[2].username "ada" is also that of agents[0]: a login is one seat',
    ]);
  });

  it('without a word of a secret', () => {
    const configs = [
      { server: { url: 'https://ada:p4ss@gws.example.test/x' }, agents: [agent] },
      { server: { url: 'ftp://ada:p4ss@gws.example.test' }, agents: [agent] },
      { agents: [{ username: 7, password: 'p4ss', bots }] },
      { agents: [{ username: 'ada', password: { is: 'p4ss' }, bots }] },
    ];
    for (const config of configs) {
      expect(refusal(config)).not.toBe('none');
      expect(refusal(config)).not.toContain('p4ss');
    }
  });

  it('naming only the environment variables that were read in vain', () => {
    const config: ConfigInput = ({ env }) => ({
      server: { url },
      agents: [
        { username: 'ada', password: env['ADA_PASSWORD'], bots },
        { username: 'bea', password: env['BEA_PASSWORD'], bots },
      ],
    });
    expect(refusal(config, { ADA_PASSWORD: 'x' })).toBe('agents[1].password is missing: set BEA_PASSWORD');
  });

  it('as a function that throws, with what it throws', () => {
    expect(
      refusal(() => {
        throw new Error('no such stage');
      }),
    ).toBe('no such stage');
  });

  it('as a function that is asynchronous, which it must not be', () => {
    expect(refusal(async () => ({ agents: [agent] }))).toMatch(/promise/i);
  });
});

describe('a receptionist', () => {
  it('may be told to answer nothing by itself', () => {
    expect(receptionist({ answers: [] }).plugins.map(({ name }) => name)).not.toContain('answers');
  });
});
