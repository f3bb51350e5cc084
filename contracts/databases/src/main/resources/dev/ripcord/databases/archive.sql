-- For the archive form only: what it restores comes back under its own owners. A superuser's objects do not, on purpose:
-- whoever may act as a superuser could do anything on this server; the gate names them before an archive is taken.
do $$
declare
    owner text;
    place text;
begin
    for owner in select distinct r.rolname from pg_shdepend d join pg_roles r on r.oid = d.refobjid
                  where d.dbid = (select oid from pg_database where datname = current_database())
                    and d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and not r.rolsuper and r.rolname <> 'ripcord_restore' loop
        execute format('grant %I to ripcord_restore', owner);
    end loop;
    -- Nor is there an archive of sequences that a superuser makes: what enrolling says of those to come would fail the restore.
    for owner in select distinct r.rolname from pg_default_acl a join pg_roles r on r.oid = a.defaclrole where r.rolsuper and a.defaclobjtype = 'S' loop
        execute format('alter default privileges for role %I revoke select, update on sequences from ripcord_rollback', owner);
    end loop;
    -- Whoever makes a database or a table in a tablespace that is not the usual one needs a right there; as a template it does not.
    for place in select spcname from pg_tablespace where spcname not in ('pg_default', 'pg_global')
                    and (oid = (select dattablespace from pg_database where datname = current_database()) or oid in (select reltablespace from pg_class)) loop
        execute format('grant create on tablespace %I to ripcord_restore, ripcord_snapshot', place);
    end loop;
    -- pg_dump reads large objects one by one, which no role may do that reads everything else; those rights above include writing.
    execute format('alter role ripcord_snapshot in database %I set lo_compat_privileges = on', current_database());
end $$;
-- The snapshot role hands an archive's shadow from the restoring role to itself and back.
grant ripcord_restore to ripcord_snapshot;
