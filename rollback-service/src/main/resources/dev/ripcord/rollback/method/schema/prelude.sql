-- Every part of a schema with the statements that make it and take it away; read with search_path = pg_catalog. One row:
-- kind, name, stage (order among those that do not need each other), addr (class:object:part), inside (the part it goes with),
-- needs, definition (compared only: in the form that a restore does not change, see Deparsed), creates, sets (to change one that is there, null: it is dropped and made again), shape (sets only where equal), drops.
with spaces as (
    select oid, tableoid, nspname, nspowner, nspacl from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), members as (
    select classid, objid from pg_depend where deptype = 'e'
), relations as (
    select c.*, c.tableoid::text || ':' || c.oid || ':' as at, format('%I.%I', s.nspname, c.relname) as q,
           case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end as word,
           exists (select from pg_inherits i where i.inhrelid = c.oid and not c.relispartition) as heir
      from pg_class c join spaces s on s.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'S') and (c.tableoid, c.oid) not in (select classid, objid from members)
), lone_sequences as (
    select r.* from relations r where relkind = 'S'
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'i' and d.refobjsubid > 0)
), types as (
    select t.*, t.tableoid::text || ':' || t.oid || ':0' as at, format('%I.%I', s.nspname, t.typname) as q
      from pg_type t join spaces s on s.oid = t.typnamespace
     where (t.tableoid, t.oid) not in (select classid, objid from members) and typtype in ('e', 'd', 'c', 'r')
       and (typtype <> 'c' or (select relkind from pg_class where pg_class.oid = typrelid) = 'c')
), functions as (
    select f.*, f.tableoid::text || ':' || f.oid || ':0' as at, format('%I.%I(%s)', s.nspname, f.proname, pg_get_function_identity_arguments(f.oid)) as q,
           case prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as word
      from pg_proc f join spaces s on s.oid = f.pronamespace where (f.tableoid, f.oid) not in (select classid, objid from members)
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.deptype = 'i')
), columns as (
    select a.*, r.q, r.at, r.word, r.relkind, r.relispartition, r.at || a.attnum as col, quote_ident(a.attname) as c,
           not r.relispartition and (a.attislocal or a.attinhcount = 0) as own,
           (select coalesce(' collate ' || format('%I.%I', cn.nspname, co.collname), '') from pg_collation co
              join pg_namespace cn on cn.oid = co.collnamespace join pg_type t on t.oid = a.atttypid
             where co.oid = a.attcollation and a.attcollation <> t.typcollation) as collated
      from pg_attribute a join relations r on r.oid = a.attrelid where a.attnum > 0 and not a.attisdropped
), constraints as (
    select k.*, k.tableoid::text || ':' || k.oid || ':0' as kat, r.q as rq, r.at, r.relkind, t.q as tq, t.at as tat,
           quote_ident(k.conname) as k, pg_get_constraintdef(k.oid) as def, pg_get_constraintdef(k.oid, true) as shown,
           (k.conparentid = 0 or k.contype in ('p', 'u', 'x')) and (k.coninhcount = 0 or k.conislocal or k.contype in ('p', 'u', 'x', 'f')) as own
      from pg_constraint k left join relations r on r.oid = k.conrelid left join types t on t.oid = k.contypid
     where coalesce(r.oid, t.oid) is not null and k.contype in ('c', 'p', 'u', 'f', 'x', 'n')
), grantable as (
    select 'schema' as word, quote_ident(nspname) as q, tableoid::text || ':' || oid || ':0' as addr, 'n' as letter, nspacl as acl, nspowner as owner
      from spaces where (tableoid, oid) not in (select classid, objid from members)
    union all
    select case relkind when 'S' then 'sequence' else 'table' end, q, at || '0', case relkind when 'S' then 's' else 'r' end, relacl, relowner from relations
    union all
    select 'routine', q, at, 'f', proacl, proowner from functions
    union all
    select 'type', q, at, 'T', typacl, typowner from types
), default_rights as (
    select d.*, d.tableoid::text || ':' || d.oid || ':0' as at,
           format('alter default privileges for role %I%s', pg_get_userbyid(defaclrole), coalesce(' in schema ' || nullif(defaclnamespace, 0)::regnamespace, '')) as head,
           case defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end as what
      from pg_default_acl d
)
