select 'table' as kind, q as name, 30 as stage, at || '0' as addr, null as inside, '{}'::text[] as needs,
       row(relkind, nullif(reloftype, 0)::regtype, (select amname from pg_am where oid = relam), (select spcname from pg_tablespace where oid = reltablespace), pg_get_partkeydef(oid),
           case when heir then (select string_agg(inhparent::regclass::text, ',' order by inhseqno) from pg_inherits where inhrelid = r.oid) end)::text as definition,
       array['create ' || case relpersistence when 'u' then 'unlogged ' else '' end || 'table ' || q,
             case when heir then (select ' inherits (' || string_agg(inhparent::regclass::text, ', ' order by inhseqno) || ')' from pg_inherits where inhrelid = r.oid) else '' end
                 || coalesce(' partition by ' || pg_get_partkeydef(oid), '')
                 || coalesce(' using ' || (select quote_ident(amname) from pg_am where oid = relam and amname <> 'heap'), '')
                 || coalesce(' tablespace ' || (select quote_ident(spcname) from pg_tablespace where oid = reltablespace), ''),
             coalesce((select string_agg(format('constraint %I %s', conname, pg_get_constraintdef(oid)), ', ' order by conname)
                         from pg_constraint where conrelid = r.oid and contype = 'c' and coninhcount > 0 and r.relispartition), '')] as creates,
       null::text[] as sets, null as shape, array['drop table ' || q] as drops
  from relations r where relkind in ('r', 'p')
union all
-- A column of a partition or an heir is its parent's; its inline form is used where the table itself is made.
select 'column', q || '.' || c, 31, col, at || '0', '{}', row(format_type(atttypid, atttypmod), collated, attgenerated, (select pg_get_expr(adbin, adrelid, true) from pg_attrdef where adrelid = attrelid and adnum = attnum and a.attgenerated <> ''))::text,
       array[format('alter table %s add column ', q), format('%s %s%s%s%s', c, format_type(atttypid, atttypmod), collated,
             (select format(' generated always as (%s) %s', pg_get_expr(adbin, adrelid), case a.attgenerated when 's' then 'stored' else 'virtual' end)
                from pg_attrdef where adrelid = attrelid and adnum = attnum and a.attgenerated <> ''),
             case when attnotnull and relispartition then coalesce((select format(' constraint %I', conname) from pg_constraint where conrelid = attrelid and contype = 'n' and conkey[1] = attnum), '') || ' not null' else '' end)],
       null, null, array[format('alter table %s drop column %s', q, c)]
  from columns a where relkind in ('r', 'p') and (own or relispartition)
union all
select 'default of', q || '.' || c, 45, d.tableoid::text || ':' || d.oid || ':0', col, '{}', pg_get_expr(d.adbin, d.adrelid, true),
       array[format('alter table only %s alter column %s set default %s', q, c, pg_get_expr(d.adbin, d.adrelid))], null, null,
       array[format('alter table only %s alter column %s drop default', q, c)]
  from columns a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attgenerated = ''
union all
select 'not null of', q || '.' || c, 50, col || '/notnull', col, '{}', '', array[format('alter table %s alter column %s set not null', q, c)], null, null,
       array[format('alter table %s alter column %s drop not null', q, c)]
  from columns a where attnotnull and own and relkind in ('r', 'p') and current_setting('server_version_num')::int < 180000
union all
select 'identity of', a.q || '.' || c, 52, s.at || '0', col,
       array[col || '/notnull'] || array(select o.kat from constraints o where o.conrelid = a.attrelid and o.contype = 'n' and o.conkey[1] = a.attnum), row(attidentity, s.q, format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)::text,
       array[format('alter table %s alter column %s add generated %s as identity (sequence name %s start %s increment %s minvalue %s maxvalue %s cache %s%s)', a.q, c,
                    case attidentity when 'a' then 'always' else 'by default' end, s.q, seqstart, seqincrement, seqmin, seqmax, seqcache, case when seqcycle then ' cycle' else '' end),
             format('select setval(%L, m) from (select %s(%s, %s(%s)) as m from %s) v where m between %s and %s', s.q,
                    case when seqincrement > 0 then 'greatest' else 'least' end, coalesce(pg_sequence_last_value(s.oid)::text, 'null'),
                    case when seqincrement > 0 then 'max' else 'min' end, c, a.q, seqmin, seqmax)], null, null,
       array[format('alter table %s alter column %s drop identity', a.q, c)]
  from columns a join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum and d.deptype = 'i' and d.classid = 'pg_class'::regclass
  join relations s on s.oid = d.objid and s.relkind = 'S' join pg_sequence on seqrelid = s.oid where attidentity <> ''
union all
select 'storage of', q || '.' || c, 46, col || '/storage', col, '{}', attstorage::text,
       array[format('alter %s %s alter column %s set storage %s', word, q, c, case attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end)], null, null,
       array[format('alter %s %s alter column %s set storage %s', word, q, c, case typstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end)]
  from columns a join pg_type t on t.oid = a.atttypid where relkind in ('r', 'p', 'm') and attstorage <> typstorage
union all
select 'compression of', q || '.' || c, 46, col || '/compression', col, '{}', attcompression::text,
       array[format('alter %s %s alter column %s set compression %s', word, q, c, case attcompression when 'p' then 'pglz' else 'lz4' end)], null, null,
       array[format('alter %s %s alter column %s set compression default', word, q, c)]
  from columns a where relkind in ('r', 'p', 'm') and attcompression <> ''
union all
select 'statistics target of', q || '.' || c, 46, col || '/statistics', col, '{}', attstattarget::text,
       array[format('alter %s %s alter column %s set statistics %s', word, q, c, attstattarget)], null, null, array[format('alter %s %s alter column %s set statistics -1', word, q, c)]
  from columns a where relkind in ('r', 'p', 'm') and attstattarget >= 0
union all
select 'options of', q || '.' || c, 46, col || '/options', col, '{}', attoptions::text,
       array[format('alter %s %s alter column %s set (%s)', word, q, c, array_to_string(attoptions, ', '))], null, null,
       array[format('alter %s %s alter column %s reset (%s)', word, q, c, (select string_agg(split_part(o, '=', 1), ', ') from unnest(attoptions) o))]
  from columns a where relkind in ('r', 'p', 'm') and attoptions is not null
union all
select 'persistence of', q, 44, at || '0/persistence', at || '0', '{}', 'unlogged', array[format('alter table %s set unlogged', q)], null, null, array[format('alter table %s set logged', q)]
  from relations where relkind = 'r' and relpersistence = 'u'
union all
select 'storage options of', q, 44, r.at || '0/options', r.at || '0', '{}', o.options::text,
       array[format('alter %s %s set (%s)', word, q, (select string_agg(format('%s = %L', split_part(x, '=', 1), substr(x, strpos(x, '=') + 1)), ', ') from unnest(o.options) x))], null, null,
       array[format('alter %s %s reset (%s)', word, q, (select string_agg(split_part(x, '=', 1), ', ') from unnest(o.options) x))]
  from relations r, lateral (select coalesce(r.reloptions, '{}') || coalesce((select array_agg('toast.' || x) from pg_class t, unnest(t.reloptions) x where t.oid = r.reltoastrelid), '{}') as options) o
 where relkind in ('r', 'm', 'v') and o.options <> '{}'
union all
select 'row security of', q, 80, at || '0/security', at || '0', '{}', row(relrowsecurity, relforcerowsecurity)::text,
       case when relrowsecurity then array[format('alter table %s enable row level security', q)] else '{}' end || case when relforcerowsecurity then array[format('alter table %s force row level security', q)] else '{}' end,
       null, null, array[format('alter table %s disable row level security', q), format('alter table %s no force row level security', q)]
  from relations where relkind in ('r', 'p') and (relrowsecurity or relforcerowsecurity)
union all
select 'replica identity of', q, 70, at || '0/replica', at || '0', case when relreplident = 'i' then array(select '1259:' || indexrelid || ':0' from pg_index where indrelid = r.oid and indisreplident) else '{}' end,
       row(relreplident, (select indexrelid::regclass from pg_index where indrelid = r.oid and indisreplident))::text,
       array[format('alter table %s replica identity %s', q, case relreplident when 'f' then 'full' when 'n' then 'nothing' else 'using index ' || (select quote_ident(x.relname) from pg_index join pg_class x on x.oid = indexrelid where indrelid = r.oid and indisreplident) end)],
       null, null, array[format('alter table %s replica identity default', q)]
  from relations r where relkind in ('r', 'p') and relreplident <> 'd'
union all
select 'clustering of', r.q, 70, at || '0/cluster', at || '0', array['1259:' || indexrelid || ':0'], x.relname::text, array[format('alter table %s cluster on %I', q, x.relname)], null, null,
       array[format('alter table %s set without cluster', q)]
  from relations r join pg_index i on i.indrelid = r.oid and i.indisclustered join pg_class x on x.oid = i.indexrelid
union all
select 'place among partitions of', r.q, 65, r.at || '0/partition', r.at || '0', array[p.at || '0'], row(p.q, pg_get_expr(r.relpartbound, r.oid, true))::text,
       array[format('alter table only %s attach partition %s %s', p.q, r.q, pg_get_expr(r.relpartbound, r.oid))], null, null, array[format('alter table %s detach partition %s', p.q, r.q)]
  from relations r join pg_inherits h on h.inhrelid = r.oid join relations p on p.oid = h.inhparent where r.relispartition and r.relkind in ('r', 'p')
