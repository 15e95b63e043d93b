-- What the role of Usher's workers may do, and no more: no table can be made, changed or dropped by it.
-- Run it as the owner of the tables, after `usher store migrate`:
--   psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f postgres-worker.sql
-- It can be run again, and need not be after an update of Usher. The role's password is yours to set:
--   psql "$OWNER_URL" -c '\password usher_worker'

do $$
begin
  create role usher_worker login;
exception when duplicate_object then null;
end
$$;

grant usage on schema usher to usher_worker;
grant select on usher.usher_schema, usher.fleet to usher_worker;
grant select, insert, update, delete on usher.worker, usher.interaction to usher_worker;
grant select, insert, update on usher.agent to usher_worker;
grant select, insert on usher.once, usher.shard to usher_worker;
grant select, insert, update on usher.allowance to usher_worker;
grant select, insert, delete on usher.outbox to usher_worker;
grant select, update on usher.outbox_part to usher_worker;
grant usage on sequence usher.outbox_id to usher_worker;
grant execute on function usher.clock_ms(), usher.outbox_upkeep() to usher_worker;

-- What later versions add.
alter default privileges in schema usher grant select, insert, update, delete on tables to usher_worker;
alter default privileges in schema usher grant usage on sequences to usher_worker;
alter default privileges in schema usher grant execute on functions to usher_worker;
