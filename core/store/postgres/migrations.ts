/**
 * The versions of the tables, by name, from the first on. What is here has been run by somebody and is never changed; a
 * new version is one more entry, whose name sorts behind. Each only adds, so that workers of the version before it can
 * go on meanwhile, and each gives usher_worker what it needs of what is new, if there is such a role.
 */
export const migrations: Readonly<Record<string, string>> = {
  '0001-tables': `
-- Milliseconds since 1970: the one clock by which leases expire.
create function usher.clock_ms() returns bigint language sql volatile
  as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

create table usher.worker (
  incarnation text collate "C" primary key,
  joined bigint generated always as identity,
  name text not null,
  capacity bigint not null,
  expires bigint not null,
  load bigint not null default 0
) with (fillfactor = 50);

create table usher.agent (
  id text collate "C" primary key,
  owner text collate "C",
  token bigint not null default 0
);
create index agent_owner on usher.agent (owner, id);
create index agent_free on usher.agent (id) where owner is null;

-- Every worker asks several times a second who owns how much: counted where it changes, because counting a hundred
-- thousand agents takes 20 ms. By triggers, so that it is also true of what is done by hand.
create table usher.fleet (agents bigint not null);
insert into usher.fleet values (0);
create function usher.count_agents() returns trigger language plpgsql security definer
  set search_path = pg_catalog, usher, pg_temp
as $$
begin
  if tg_op = 'UPDATE' then
    update usher.worker w set load = w.load + d.delta from (
      select owner, sum(n)::bigint as delta
      from (select owner, 1 as n from after union all select owner, -1 from before) each
      where owner is not null group by owner having sum(n) <> 0
    ) d where w.incarnation = d.owner;
  elsif tg_op = 'INSERT' then
    if exists (select from after) then
      update usher.fleet set agents = agents + (select count(*) from after);
    end if;
  else
    update usher.fleet set agents = agents - (select count(*) from before);
    update usher.worker w set load = w.load - d.gone
    from (select owner, count(*) as gone from before group by owner) d where w.incarnation = d.owner;
  end if;
  return null;
end $$;
create trigger agent_inserted after insert on usher.agent referencing new table as after
  for each statement execute function usher.count_agents();
create trigger agent_updated after update on usher.agent referencing old table as before new table as after
  for each statement execute function usher.count_agents();
create trigger agent_deleted after delete on usher.agent referencing old table as before
  for each statement execute function usher.count_agents();

-- Every commit changes version and state, and every claim the token: no index but the key, and room on the page for
-- the next version of a row.
create table usher.interaction (
  agent text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  token bigint not null,
  state text not null,
  primary key (agent, id)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);

create table usher.once (
  key text collate "C" primary key,
  body text not null,
  at bigint not null
);

-- One row for the events of one batch and part. Partitions of an hour are made ahead, and dropped when they are
-- drained; what comes when there is none goes to outbox_other.
create sequence usher.outbox_id;
create table usher.outbox (
  part integer not null,
  id bigint not null default nextval('usher.outbox_id'),
  events text not null,
  at bigint not null default usher.clock_ms()
) partition by range (at);
create index outbox_next on usher.outbox (part, id);
create table usher.outbox_other partition of usher.outbox default;

-- The batch at hand of each part: its number, its row, and who drains it until when.
create table usher.outbox_part (
  part integer primary key,
  batch bigint not null default 0,
  at_hand bigint,
  drainer text,
  until bigint not null default 0
) with (fillfactor = 20);
insert into usher.outbox_part (part) select generate_series(0, 3);

-- With the rights of the owner, so that workers need none to create and drop tables. What somebody else holds, or does
-- at the same moment, is left for the next time.
create function usher.outbox_upkeep() returns void language plpgsql security definer
  set search_path = pg_catalog, usher, pg_temp
  set lock_timeout = '200ms'
as $$
declare
  hour constant bigint := 3600000;
  present constant bigint := usher.clock_ms() / hour;
  part name;
  empty boolean;
begin
  for ahead in present .. present + 2 loop
    part := 'outbox_' || to_char(to_timestamp(ahead * 3600) at time zone 'UTC', 'YYYYMMDDHH24');
    continue when to_regclass(format('usher.%I', part)) is not null;
    begin
      execute format('create table usher.%I (like usher.outbox including defaults)', part);
      execute format('alter table usher.outbox attach partition usher.%I for values from (%s) to (%s)',
        part, ahead * hour, (ahead + 1) * hour);
    exception when duplicate_table or unique_violation or check_violation or lock_not_available then null;
    end;
  end loop;
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'usher.outbox'::regclass and c.relname ~ '^outbox_\\d{10}$'
      and c.relname < 'outbox_' || to_char(to_timestamp((present - 1) * 3600) at time zone 'UTC', 'YYYYMMDDHH24')
    order by c.relname
  loop
    begin
      execute format('select not exists (select from usher.%I)', part) into empty;
      continue when not empty;
      lock table only usher.outbox in access exclusive mode;
      execute format('select not exists (select from usher.%I)', part) into empty;
      if empty then execute format('drop table usher.%I', part); end if;
    exception when lock_not_available or undefined_table then null;
    end;
  end loop;
end $$;
revoke execute on function usher.outbox_upkeep() from public;`,

  '0002-allowance': `
-- What all workers together may do in a time: how much was left of it, when that was, and what was taken last.
create table usher.allowance (
  name text collate "C" primary key,
  rest double precision not null,
  at bigint not null,
  drawn bigint not null
) with (fillfactor = 20);`,

  '0003-shard': `
-- Which of a fleet's stores this is, from 0, and of how many. One that has agents by now has been alone.
create table usher.shard (
  only_one boolean primary key default true check (only_one),
  shard integer not null,
  shards integer not null
);
insert into usher.shard (shard, shards) select 0, 1 where exists (select from usher.agent);`,
};

/** The newest version that this Usher knows. */
export const knownVersions: readonly string[] = Object.keys(migrations).sort();
