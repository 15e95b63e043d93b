import { describe, expect, it } from 'vitest';
import { receptionist } from '../../bots/receptionist.ts';
import { type ConfigInput, type Env, resolveConfig, type UsherConfig } from '../../core/config.ts';

const agents = [{ username: 'ada', bots: [receptionist()] }];
const resolved = (store: UsherConfig['store'], env: Env = {}) => resolveConfig({ agents, store }, env).store;

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
    const password = (config: ConfigInput) => resolveConfig(config, env).store;
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
      ).store,
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
});
