import { NEVER } from 'rxjs';
import { type ConfigInput, defineBot, definePlugin, resolveConfig } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { autoGreeter } from '../../bots/auto-greeter.ts';

const bots = [autoGreeter()];
const agent = { username: 'ada', password: 'secret', bots };
const url = 'https://gws.example.test';

const serves = definePlugin({ name: 'serves', host: () => () => NEVER });

/** A config that a user without types could write. */
const written = (config: unknown): ConfigInput => config as ConfigInput;

describe('a config', () => {
  it('is completed with the defaults', () => {
    expect(resolveConfig({ agents: [agent] })).toMatchObject({
      origin: undefined,
      dialect: { name: 'gws-8.5.0', basePath: '/api/v2' },
      agents: [agent],
      services: [],
    });
  });

  it('may be a function of the environment', () => {
    const config = resolveConfig(({ env }) => ({ agents: [{ ...agent, username: env['LOGIN'] }] }), {
      LOGIN: 'bea',
    });
    expect(config.agents).toMatchObject([{ username: 'bea' }]);
  });

  it.each([
    ['https://gws.example.test/', 'https://gws.example.test'],
    ['https://gws.example.test:8443/api/v2', 'https://gws.example.test:8443'],
    ['http://[::1]:8080/api/v2/', 'http://[::1]:8080'],
  ])('takes %s as the server %s', (given, origin) => {
    expect(resolveConfig({ server: { url: given }, agents: [agent] })).toMatchObject({ origin });
  });

  it('hands its options to the dialect', () => {
    const { dialect } = resolveConfig({ server: { dialectOptions: { basePath: '/gws' } }, agents: [agent] });
    expect(dialect.basePath).toBe('/gws');
  });
});

describe('a wrong config', () => {
  it.each([
    [undefined, 'the config is missing'],
    [{}, 'agents is missing'],
    [{ agents: [] }, 'agents is empty: at least one agent is needed'],
    [{ agents: [{ ...agent, bots: [] }] }, 'agents[0].bots is empty: an agent needs a bot'],
    [
      { agents: [{ ...agent, bots: [autoGreeter] }] },
      'agents[0].bots[0] is a function: call it, as in receptionist()',
    ],
    [{ agents: [{ ...agent, bots: ['greeter'] }] }, 'agents[0].bots[0] is no bot'],
    [
      { agents: [{ ...agent, nickname: 7 }] },
      'agents[0].nickname: Invalid input: expected string, received number',
    ],
    [{ agents: [{ ...agent, nick: 'A' }] }, 'agents[0].nick is not a known option'],
    [{ agents: [agent], servre: {} }, 'servre is not a known option'],
    [{ agents: [agent], server: { url: 'gws.example.test' } }, 'server.url: must be an http or https URL'],
    [
      { agents: [agent], server: { url: 'ftp://gws.example.test' } },
      'server.url: must be an http or https URL',
    ],
    [
      { agents: [agent], server: { url: 'https://ada:secret@gws.example.test' } },
      'server.url holds credentials: put them under agents',
    ],
    [
      { agents: [agent], server: { url: `${url}/gws` } },
      'server.url has the path /gws: give the root, and the path as server.dialectOptions.basePath',
    ],
    [
      { agents: [agent], server: { dialectOptions: { notificationKey: 'x' } } },
      'server.dialectOptions.notificationKey: Invalid option: expected one of "notifcation"|"notification"|"both"',
    ],
    [
      { agents: [agent], server: { dialectOptions: { basepath: '/' } } },
      'server.dialectOptions.basepath is not a known option',
    ],
    [
      { agents: [agent, { ...agent, password: 'other' }] },
      'agents[1].username "ada" is also that of agents[0]: a login is one seat',
    ],
    [{ agents: [{ username: 'ada', bots }], server: { url } }, 'agents[0].password is missing'],
    [
      { agents: [{ ...agent, shadows: [...bots, defineBot({ name: 'new', plugins: [] })] }] },
      `agents[0].shadows[0] "${bots[0]?.name}" has the name of another bot of the agent: give it one of its own`,
    ],
    [
      {
        agents: [
          {
            ...agent,
            shadows: ['new', 'new'].map((name) => defineBot({ name, plugins: [] })),
          },
        ],
      },
      'agents[0].shadows[1] "new" has the name of another bot of the agent: give it one of its own',
    ],
    [
      { agents: [{ ...agent, shadows: [defineBot({ name: 'new', plugins: [serves()] })] }] },
      'agents[0].shadows: serves serves the whole process: list it under plugins',
    ],
    [
      { agents: [{ ...agent, shadows: [() => bots] }] },
      'agents[0].shadows[0] is a function: call it, as in receptionist()',
    ],
  ])('%#: %s', (config, message) => {
    expect(() => resolveConfig(written(config))).toThrow(
      expect.objectContaining({ code: 'USHER_CONFIG_INVALID', message }),
    );
  });

  it('names every fault', () => {
    const config = written({ agents: [{ bots }, { username: 'ada', bots: [] }] });
    expect(() => resolveConfig(config)).toThrow(
      'agents[0].username is missing\nagents[1].bots is empty: an agent needs a bot',
    );
  });

  it('names the environment variable that would give what is missing', () => {
    const config: ConfigInput = ({ env }) => ({
      server: { url },
      agents: [
        { username: env['ADA_USERNAME'], password: 'x', bots },
        { username: 'bea', password: env['BEA_PASSWORD'], bots },
      ],
    });
    expect(() => resolveConfig(config, {})).toThrow('agents[0].username is missing: set ADA_USERNAME');
    expect(() => resolveConfig(config, { ADA_USERNAME: 'ada' })).toThrow(
      'agents[1].password is missing: set BEA_PASSWORD',
    );
  });

  it('names the dialects there are', () => {
    expect(() => resolveConfig({ server: { dialect: 'gws-9' }, agents: [agent] })).toThrow(
      expect.objectContaining({
        code: 'USHER_DIALECT_UNKNOWN',
        message: 'server.dialect is "gws-9"; known: gws-8.5.0, gws-8.5.1, gws-8.5.2',
      }),
    );
    expect(() => resolveConfig({ server: { dialect: 'toString' }, agents: [agent] })).toThrow(/known:/);
  });
});
