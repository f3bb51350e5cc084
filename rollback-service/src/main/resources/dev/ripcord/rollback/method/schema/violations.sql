-- Of a table that others inherit from its own rows are meant: these have constraints of their own.
-- For each constraint and unique index, a query for what would break it: the part's name, the query, and how its answer reads.
with named as (
    select k.oid, k.contype, case c.relkind when 'r' then 'only ' else '' end as only_it, format('%I.%I', n.nspname, c.relname) as q, quote_ident(k.conname) as k, k.conrelid, k.confrelid, k.conkey, k.confkey, k.conbin, k.convalidated
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and not coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) -- the server alone compares periods
)
select 'constraint ' || q || ' ' || k as key, 'select count(*) from ' || only_it || q || ' where not (' || pg_get_expr(conbin, conrelid) || ')' as query, 'rows do not satisfy it' as reads from named where contype = 'c' and convalidated
union all
select 'constraint ' || q || ' ' || k, (select 'select count(*) from ' || only_it || q || ' where ' || quote_ident(attname) || ' is null' from pg_attribute where attrelid = conrelid and attnum = conkey[1]), 'rows have no value in it'
  from named where contype = 'n' and convalidated
union all
select 'not null of ' || format('%I.%I.%I', n.nspname, c.relname, a.attname), format('select count(*) from %s%I.%I where %I is null', case c.relkind when 'r' then 'only ' else '' end, n.nspname, c.relname, a.attname), 'rows have no value in it'
  from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') join pg_namespace n on n.oid = c.relnamespace where attnum > 0 and attnotnull and n.nspname !~ '^pg_'
union all
select 'constraint ' || q || ' ' || k, format('select count(*) from %s%s c where %s and not exists (select from %s p where %s)', only_it, q,
           (select string_agg(format('c.%I is not null', attname), ' and ') from pg_attribute where attrelid = conrelid and attnum = any (conkey)),
           (select format('%s%I.%I', case p.relkind when 'r' then 'only ' else '' end, n.nspname, p.relname) from pg_class p join pg_namespace n on n.oid = p.relnamespace where p.oid = confrelid),
           (select string_agg(format('p.%I = c.%I', p.attname, c.attname), ' and ') from unnest(conkey, confkey) as u (here, there) join pg_attribute c on c.attrelid = conrelid and c.attnum = here
              join pg_attribute p on p.attrelid = confrelid and p.attnum = there)), 'rows refer to nothing'
  from named where contype = 'f' and convalidated
union all
select coalesce('constraint ' || k.q || ' ' || k.k, format('index %I.%I', xn.nspname, x.relname)),
       format('select count(*) from (select from %s%I.%I where %s group by %s having count(*) > 1) d', case c.relkind when 'r' then 'only ' else '' end, n.nspname, c.relname,
              case when (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean then 'true'
                   else (select string_agg(quote_ident(attname) || ' is not null', ' and ') from pg_attribute where attrelid = indrelid and attnum = any (indkey::int2[])) end,
              (select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = indrelid and attnum = any (indkey::int2[]))), 'values are there more than once'
  from pg_index i join pg_class x on x.oid = indexrelid join pg_namespace xn on xn.oid = x.relnamespace join pg_class c on c.oid = indrelid join pg_namespace n on n.oid = c.relnamespace
  left join named k on k.conrelid = i.indrelid and k.contype in ('p', 'u') and exists (select from pg_constraint o where o.oid = k.oid and o.conindid = indexrelid)
 where indisunique and not indisexclusion and indpred is null and indexprs is null and indnkeyatts = indnatts and n.nspname !~ '^pg_'
