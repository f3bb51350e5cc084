-- What `ripcord enrol` puts into an enrolled database itself: rights, no objects.
-- A rollback sets the sequences of the copy to what was given out meanwhile, so that no number is issued twice.
do $$
declare
    s record;
begin
    for s in select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind = 'S' and n.nspname !~ '^pg_' loop
        execute format('grant select, update on sequence %I.%I to ripcord_rollback', s.nspname, s.relname);
        execute format('grant usage on schema %I to ripcord_rollback', s.nspname);
    end loop;
    for s in select distinct pg_get_userbyid(c.relowner) as owner from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where c.relkind in ('r', 'p', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
             union select pg_get_userbyid(datdba) from pg_database where datname = current_database() loop
        execute format('alter default privileges for role %I grant select, update on sequences to ripcord_rollback', s.owner);
    end loop;
end $$;
