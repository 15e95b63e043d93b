import pg from 'pg';

/** Sets the server's clock, in ms since 1970: for everybody, or for connections of one application name. */
export interface SetClock {
  (now: number, application?: string): Promise<void>;
  /** The real one again. */
  readonly restore: () => Promise<void>;
}

/** Puts a clock that a test sets in the place of the one by which a database judges leases. */
export async function settableClock(url: string): Promise<SetClock> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`
    create table if not exists public.test_clock (application text primary key, now bigint not null);
    insert into public.test_clock values ('usher', 0) on conflict do nothing;
    create or replace function usher.clock_ms() returns bigint language sql volatile as $$
      select now from public.test_clock where application = current_setting('application_name') $$`);
  let shown = '';
  const set = async (now: number, application = 'usher'): Promise<void> => {
    if (shown === `${application} ${now}`) return;
    shown = `${application} ${now}`;
    await client.query(
      'insert into public.test_clock values ($1, $2) on conflict (application) do update set now = $2',
      [application, now],
    );
  };
  return Object.assign(set, {
    restore: async () => {
      await client.query(`
        create or replace function usher.clock_ms() returns bigint language sql volatile as $$
          select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$`);
      await client.end();
    },
  });
}
