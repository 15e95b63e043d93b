import { inspect } from 'node:util';
import { UsherError } from 'usher-bots';
import { describe, expect, it } from 'vitest';
import { passwordIn, postgresPlace } from '../../../core/store/postgres/postgres-place.ts';

describe('a URL of PostgreSQL', () => {
  it('names hosts, user, password and database', () => {
    expect(postgresPlace('postgres://ada:p%40ss@db1:6543,db2,[::1]:7/us%20her')).toEqual({
      name: 'the store postgres://db1:6543,db2:5432,::1:7/us her',
      hosts: [
        { host: 'db1', port: 6543 },
        { host: 'db2', port: 5432 },
        { host: '::1', port: 7 },
      ],
      user: 'ada',
      password: 'p@ss',
      database: 'us her',
      ssl: {},
      applicationName: 'usher',
    });
    expect(postgresPlace('postgresql://ada@/usher?host=/var/run/postgresql')).toMatchObject({
      hosts: [{ host: '/var/run/postgresql', port: 5432 }],
      password: undefined,
      ssl: false,
    });
    expect(postgresPlace('postgres://ada@db/usher?target_session_attrs=read-write')).toMatchObject({
      ssl: {},
    });
    expect(passwordIn('postgres://ada:a:b@db/usher')).toBe('a:b');
    expect(passwordIn('postgres://ada@db/usher')).toBeUndefined();
  });

  it.each([
    ['postgres://ada@localhost/usher', false],
    ['postgres://ada@127.0.0.1:5433/usher', false],
    ['postgres://ada@[::1]/usher', false],
    ['postgres://ada@localhost,db/usher', {}],
    ['postgres://ada@localhost.example.com/usher', {}],
    ['postgres://ada@db/usher?sslmode=disable', false],
    ['postgres://ada@localhost/usher?sslmode=verify-full', {}],
  ])('%s is encrypted and checked unless the host is this one: %j', (url, ssl) => {
    expect(postgresPlace(url).ssl).toEqual(ssl);
  });

  it.each([
    ['postgres:/ada', 'is no URL of PostgreSQL: postgres://user@host:5432/database'],
    ['postgres://ada:s3cret@db:x/usher', 'is no URL of PostgreSQL: postgres://user@host:5432/database'],
    ['postgres://ada:s3cret@db:77777/usher', 'has the port 77777'],
    ['postgres://:s3cret@db/usher', 'names no user: postgres://user@host/database'],
    ['postgres://ada:s3cret@/usher', 'names no host: postgres://user@host/database'],
    ['postgres://ada:s3cret@db', 'names no database: postgres://user@host/database'],
    ['postgres://ada:s3cret%@db/usher', 'has a % that begins no escape: write it as %25'],
    [
      'postgres://ada:s3cret@db/usher?sslmode=require',
      'has sslmode=require: it must be verify-full, or disable where the way to the server is safe',
    ],
    [
      'postgres://ada:s3cret@db/usher?sslmode=no-verify',
      'has sslmode=no-verify: it must be verify-full, or disable where the way to the server is safe',
    ],
    [
      'postgres://ada:s3cret@db/usher?sslmode=disable&sslrootcert=ca.crt',
      'names certificates, but has sslmode=disable',
    ],
    [
      'postgres://ada:s3cret@db/usher?target_session_attrs=any',
      'must be for writing: target_session_attrs=read-write',
    ],
    [
      'postgres://ada:s3cret@db/usher?pool=9',
      'has the parameter pool; known: sslmode, sslrootcert, sslcert, sslkey, application_name, target_session_attrs, host',
    ],
  ])('%s is refused, and the password not told', (url, reason) => {
    let refused: unknown;
    try {
      postgresPlace(url);
    } catch (thrown) {
      refused = thrown;
    }
    expect(refused).toBeInstanceOf(UsherError);
    expect(refused).toMatchObject({
      code: 'USHER_CONFIG_INVALID',
      message: `the URL of the store ${reason}`,
    });
    expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('s3cret');
  });
});
