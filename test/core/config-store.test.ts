import { describe, expect, it } from 'vitest';
import { receptionist } from '../../bots/receptionist.ts';
import { type ConfigInput, type Env, resolveConfig, type UsherConfig } from '../../core/config.ts';

const agents = [{ username: 'ada', bots: [receptionist()] }];
const withPassword = agents.map((agent) => ({ ...agent, password: 'x' }));
const resolved = (store: UsherConfig['store'], env: Env = {}) =>
  resolveConfig({ agents, store }, env).stores[0];

function faults(config: ConfigInput, env: Env = {}): string {
  try {
    resolveConfig(config, env);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

describe('the store of a config', () => {
  it('is a file, memory, or a database', () => {
    expect(resolved(undefined)).toBeUndefined();
    expect(resolved('usher.db')).toBe('usher.db');
    expect(resolved(':memory:')).toBe(':memory:');
    expect(resolved('postgres://ada@db/usher')).toMatchObject({
      hosts: [{ host: 'db', port: 5432 }],
      ssl: {},
    });
    expect(resolved({ url: 'postgres://ada@db/usher?sslmode=disable' })).toMatchObject({ ssl: false });
  });

  it('has its password from the environment: in the URL, beside it, or as PGPASSWORD', () => {
    const env = { STORE: 'postgres://ada:s3cret@db/usher', WORD: 's3cret', PGPASSWORD: 'other' };
    const password = (config: ConfigInput) => resolveConfig(config, env).stores[0];
    expect(password(({ env: { STORE } }) => ({ agents, store: STORE }))).toMatchObject({
      password: 's3cret',
    });
    expect(
      password(({ env: { WORD } }) => ({
        agents,
        store: { url: 'postgres://ada@db/usher', password: WORD },
      })),
    ).toMatchObject({ password: 's3cret' });
    expect(
      password(({ env: { WORD } }) => ({ agents, store: `postgres://ada:${WORD}@db/usher` })),
    ).toMatchObject({ password: 's3cret' });
    const odd = { WORD: 'p@ss/word' };
    expect(
      resolveConfig(
        ({ env: { WORD = '' } }) => ({
          agents,
          store: `postgres://ada:${encodeURIComponent(WORD)}@db/usher`,
        }),
        odd,
      ).stores[0],
    ).toMatchObject({ password: 'p@ss/word' });
    expect(password({ agents, store: 'postgres://ada@db/usher' })).toMatchObject({ password: 'other' });
  });

  it('is refused with a password that stands in the file, and it is not told', () => {
    const refusal =
      'store: its password stands in the config: read it, or the whole URL, from `env`, or leave it to PGPASSWORD';
    expect(faults({ agents, store: 'postgres://ada:s3cret@db/usher' })).toBe(refusal);
    expect(faults(() => ({ agents, store: { url: 'postgres://ada@db/usher', password: 's3cret' } }))).toBe(
      refusal,
    );
  });

  it('is refused for what is wrong with it', () => {
    const wrong = (store: unknown) => faults({ agents, store: store as string });
    const shape =
      'store: must be a file, :memory:, a URL of PostgreSQL, or { url, password, tls: { ca, cert, key } }';
    expect(wrong(42)).toBe(shape);
    expect(wrong('')).toMatch(/^store: Too small/);
    expect(wrong({ url: 'postgres://ada@db/usher', ssl: true })).toBe('store.ssl is not a known option');
    expect(wrong({ url: 'usher.db' })).toBe(
      'store: the URL of the store is no URL of PostgreSQL: postgres://user@host:5432/database',
    );
    expect(wrong('postgres://ada@db/usher?sslmode=prefer')).toMatch(
      /^store: the URL of the store has sslmode=prefer/,
    );
    expect(wrong({ url: 'postgres://ada@db/usher', tls: { ca: '/nowhere/ca.crt' } })).toMatch(
      /^store: the URL of the store names a CA that cannot be read: ENOENT/,
    );
  });

  it('is a list of several, which make a fleet of the process', () => {
    const config = resolveConfig(
      ({ env: { A, B } }) => ({
        server: { url: 'https://gws' },
        agents: withPassword,
        store: [A, { url: `${B}` }],
      }),
      { A: 'postgres://ada:s3cret@db1/usher', B: 'postgres://ada@db2/usher', PGPASSWORD: 'other' },
    );
    expect(config.stores).toMatchObject([
      { name: 'the store postgres://db1:5432/usher', password: 's3cret' },
      { name: 'the store postgres://db2:5432/usher', password: 'other' },
    ]);
    expect(config.fleet).toEqual({});
    expect(resolveConfig({ agents, store: ['usher.db'] })).toMatchObject({
      stores: ['usher.db'],
      fleet: undefined,
    });
    expect(resolveConfig({ agents }).stores).toEqual([]);
  });

  it('is refused for what is wrong with one of several, by its place', () => {
    const wrong = (...store: unknown[]) => faults({ agents, store: store as string[] });
    expect(wrong()).toBe('store is empty: name the stores, or leave it out');
    expect(wrong('a.db', undefined)).toBe(
      'store[1] is missing: the variable of the environment that it is read from is not set',
    );
    expect(wrong('a.db', 7)).toBe(
      'store[1]: must be a file, :memory:, a URL of PostgreSQL, or { url, password, tls: { ca, cert, key } }',
    );
    expect(wrong('a.db', 'postgres://ada:s3cret@db/usher')).toMatch(
      /^store\[1\]: its password stands in the config/,
    );
    expect(wrong('a.db', 'b.db', './a.db')).toBe(
      'store[2] is the same store as store[0]: each shard needs one of its own',
    );
    expect(wrong('postgres://ada@db/usher', 'postgres://bea@db:5432/usher')).toBe(
      'store[1] is the same store as store[0]: each shard needs one of its own',
    );
    expect(wrong('a.db', ':memory:')).toBe(
      'store[1] is :memory:, which no other process shares: name a file or a database',
    );
  });
});
