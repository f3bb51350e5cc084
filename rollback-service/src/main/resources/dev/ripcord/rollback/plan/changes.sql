-- The parts of a schema that a forward fix can be suggested for: what, where, its name, and its definition in up to four texts.
with relations as (
    select c.*, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select 'table' as what, nspname::text as space, relname::text as relation, '' as name, case when relrowsecurity then 'secured' else '' end as one, '' as two, '' as three, '' as four from relations
union all
select 'column', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod), case when a.attgenerated = '' then coalesce(pg_get_expr(d.adbin, d.adrelid), '') else '' end, a.attnotnull::text,
       case a.attgenerated when '' then '' else format('generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid), case a.attgenerated when 's' then 'stored' else 'virtual' end) end
  from pg_attribute a join relations r on r.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attnum > 0 and not a.attisdropped
union all
select 'constraint', r.nspname, r.relname, k.conname, pg_get_constraintdef(k.oid), '', '', '' from pg_constraint k join relations r on r.oid = k.conrelid where k.contype <> 'n'
union all
select 'index', r.nspname, r.relname, x.relname, pg_get_indexdef(i.indexrelid), '', '', '' from pg_index i join pg_class x on x.oid = i.indexrelid join relations r on r.oid = i.indrelid
 where not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
union all
select 'policy', r.nspname, r.relname, p.polname,
       format('create policy %I on %I.%I as %s for %s to %s%s%s', p.polname, r.nspname, r.relname, case when p.polpermissive then 'permissive' else 'restrictive' end,
              case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
              (select string_agg(coalesce(quote_ident(pg_get_userbyid(nullif(m, 0))), 'public'), ', ') from unnest(p.polroles) m),
              ' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), '', '', ''
  from pg_policy p join relations r on r.oid = p.polrelid
