-- The tables whose rows a manifest counts: name, kind, and what is read of it. A column that PostgreSQL computes whenever it is
-- read is no content: what it is computed from is, and of some rows it may not be computable.
select format('%I.%I', n.nspname, c.relname) as name,
       case when c.relkind = 'm' then 'materialized view' when c.relpersistence = 'u' then 'unlogged' else 'table' end as kind,
       c.relkind = 'm' and not c.relispopulated as empty,
       case when c.relkind = 'm' then format('%I.%I', n.nspname, c.relname)
            when not exists (select from pg_attribute a where a.attrelid = c.oid and a.attgenerated = 'v') then format('only %I.%I', n.nspname, c.relname)
            else format('(select %s from only %I.%I)',
                        (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'), n.nspname, c.relname) end as content
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm') and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by pg_relation_size(c.oid) desc, 1
