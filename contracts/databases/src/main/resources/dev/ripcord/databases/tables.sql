-- The tables whose rows a manifest counts: name and kind.
select format('%I.%I', n.nspname, c.relname) as name,
       case when c.relkind = 'm' then 'materialized view' when c.relpersistence = 'u' then 'unlogged' else 'table' end as kind,
       c.relkind = 'm' and not c.relispopulated as empty
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by pg_relation_size(c.oid) desc, 1
