-- One line for each foreign key, with the query that counts the rows that break it. The operators are the constraint's
-- own, qualified: equality of a type that an extension brings is not found on the path. Keys of partitions are those of
-- their partitioned table. MATCH SIMPLE: a row with a null anywhere in the key refers to nothing; MATCH FULL: only one
-- that is null throughout.
with keys as (
    select k.oid, k.conname, k.conrelid, k.confrelid, k.confmatchtype,
           coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) as temporal,
           format('%I.%I', fn.nspname, f.relname) as referencing, case when f.relkind = 'r' then 'only ' else '' end as only_referencing,
           format('%I.%I', pn.nspname, p.relname) as referenced, case when p.relkind = 'r' then 'only ' else '' end as only_referenced
      from pg_constraint k
      join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
      join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
     where k.contype = 'f' and f.relpersistence <> 't' and k.conparentid = 0 and k.convalidated and coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true'
), columns as (
    select keys.oid, u.position, count(*) over (partition by keys.oid) as many, format('f.%I', fa.attname) as own, format('p.%I', pa.attname) as other,
           format('operator(%I.%s)', opn.nspname, o.oprname) as operator,
           case when fa.attcollation <> pa.attcollation and pa.attcollation <> 0
                then (select format(' collate %I.%I', cn.nspname, c.collname) from pg_collation c join pg_namespace cn on cn.oid = c.collnamespace
                       where c.oid = pa.attcollation) else '' end as collation
      from keys join pg_constraint k on k.oid = keys.oid,
           unnest(k.conkey, k.confkey, k.conpfeqop) with ordinality as u(own, other, operator, position)
      join pg_operator o on o.oid = u.operator join pg_namespace opn on opn.oid = o.oprnamespace,
           pg_attribute fa, pg_attribute pa
     where fa.attrelid = keys.conrelid and fa.attnum = u.own and pa.attrelid = keys.confrelid and pa.attnum = u.other
), parts as (
    select keys.oid,
           string_agg(c.own || ' is not null', ' and ' order by c.position) as all_there,
           string_agg(c.own || ' is null', ' or ' order by c.position) as some_null,
           string_agg(c.own || ' is null', ' and ' order by c.position) as all_null,
           string_agg(format('%s %s %s%s', c.other, c.operator, c.own, c.collation), ' and ' order by c.position)
               filter (where not keys.temporal or c.position < c.many) as equal,
           max(c.own) filter (where c.position = c.many) as own_period, max(c.other) filter (where c.position = c.many) as other_period
      from keys join columns c using (oid) group by keys.oid
)
select quote_ident(conname) as name, referencing, referenced,
       'select count(*) from ' || only_referencing || referencing || ' f where ('
       || case when temporal
               then format('%s and not coalesce(%s <@ (select range_agg(%s) from %s%s p where %s), false)', all_there, own_period, other_period,
                           only_referenced, referenced, coalesce(equal, 'true'))
               else format('%s and not exists (select from %s%s p where %s)', all_there, only_referenced, referenced, equal) end
       || ')' || case when confmatchtype = 'f' then format(' or ((%s) and not (%s))', some_null, all_null) else '' end as orphans
  from keys join parts using (oid)
 order by 2, 1
