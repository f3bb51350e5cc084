-- For rollbacks that leave the database in place: their role acts as the owners of the objects, as a migration does. What
-- belongs to a superuser is out of its reach, on purpose. It may hold triggers back while it puts rows right.
do $$
declare
    owner text;
begin
    for owner in select distinct r.rolname from pg_shdepend d join pg_roles r on r.oid = d.refobjid
                  where d.dbid = (select oid from pg_database where datname = current_database())
                    and d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and not r.rolsuper and r.rolname not like 'ripcord\_%' loop
        execute format('grant %I to ripcord_change', owner);
    end loop;
    execute format('grant connect on database %I to ripcord_change', current_database());
end $$;
grant set on parameter session_replication_role to ripcord_change;
