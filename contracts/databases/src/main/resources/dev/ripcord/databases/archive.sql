-- For the archive form only: what it restores comes back under its own owners. A superuser's objects do not, on purpose:
-- whoever may act as a superuser could do anything on this server; proving such an archive fails and says so.
do $$
declare
    owner text;
begin
    for owner in select distinct r.rolname from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
                  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not r.rolsuper and r.rolname <> 'ripcord_restore' loop
        execute format('grant %I to ripcord_restore', owner);
    end loop;
end $$;
