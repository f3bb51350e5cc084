-- The roles on a protected server: one that owns the functions and cannot log in, and one for each service.
-- Passwords are set by `ripcord enrol`.
do $$
begin
    if not exists (select 1 from pg_roles where rolname = 'ripcord_owner') then
        create role ripcord_owner nologin superuser;
    end if;
    if not exists (select 1 from pg_roles where rolname = 'ripcord_snapshot') then
        create role ripcord_snapshot login createdb bypassrls connection limit 20;
    end if;
    if not exists (select 1 from pg_roles where rolname = 'ripcord_rollback') then
        create role ripcord_rollback login bypassrls connection limit 20;
    end if;
    if not exists (select 1 from pg_roles where rolname = 'ripcord_verifier') then
        create role ripcord_verifier login bypassrls connection limit 20;
    end if;
    if not exists (select 1 from pg_roles where rolname = 'ripcord_restore') then
        create role ripcord_restore login createdb connection limit 20;
    end if;
    if not exists (select 1 from pg_roles where rolname = 'ripcord_change') then
        create role ripcord_change login bypassrls connection limit 5;
    end if;
end $$;
alter role ripcord_owner nologin superuser;
alter role ripcord_snapshot nosuperuser nocreaterole createdb bypassrls;
alter role ripcord_rollback nosuperuser nocreaterole nocreatedb bypassrls;
alter role ripcord_verifier nosuperuser nocreaterole nocreatedb bypassrls;
alter role ripcord_change nosuperuser nocreaterole nocreatedb bypassrls;
alter role ripcord_restore nosuperuser nocreaterole createdb;
grant pg_read_all_data to ripcord_snapshot, ripcord_rollback, ripcord_verifier;
-- This setting would let a role write large objects and remove them, not only read them.
alter role ripcord_snapshot reset lo_compat_privileges;
alter role ripcord_verifier reset lo_compat_privileges;
-- A reader must never trust what a schema plants on its path.
alter role ripcord_snapshot set search_path = pg_catalog;
alter role ripcord_rollback set search_path = pg_catalog;
alter role ripcord_verifier set search_path = pg_catalog;
alter role ripcord_change set search_path = pg_catalog;
-- What pg_restore says is read by a program: why a restore failed, and what of it may be told.
alter role ripcord_restore set lc_messages = 'C';
-- Nor run what a schema has planted for whoever logs in: it could write into the copy that it looks at.
do $$
declare
    reader text;
begin
    if current_setting('server_version_num')::integer >= 170000 then
        foreach reader in array array['ripcord_snapshot', 'ripcord_rollback', 'ripcord_verifier'] loop
            execute format('alter role %I set event_triggers = off', reader);
        end loop;
    end if;
end $$;
