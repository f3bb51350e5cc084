select 'schema' as kind, quote_ident(nspname) as name, 10 as stage, tableoid::text || ':' || oid || ':0' as addr, null as inside, '{}'::text[] as needs, '' as definition,
       array[format('create schema %I', nspname)] as creates, null::text[] as sets, null as shape, array[format('drop schema %I', nspname)] as drops
  from spaces where (tableoid, oid) not in (select classid, objid from members)
union all
select 'extension', quote_ident(extname), 12, tableoid::text || ':' || oid || ':0', null, '{}', row(extversion, extnamespace::regnamespace)::text,
       array[format('create extension %I schema %s version %L', extname, extnamespace::regnamespace, extversion)],
       array[format('alter extension %I update to %L', extname, extversion)], extnamespace::regnamespace::text, array[format('drop extension %I', extname)]
  from pg_extension where extname <> 'plpgsql'
union all
select 'type', q, 20, at, null, '{}', t.made, array[t.made], null, null, array[format('drop %s %s', case typtype when 'd' then 'domain' else 'type' end, q)]
  from (select t.*, case typtype
               when 'e' then format('create type %s as enum (%s)', q, (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid))
               when 'd' then format('create domain %s as %s%s', q, format_type(typbasetype, typtypmod), (select ' collate ' || t.typcollation::regcollation from pg_type b where b.oid = t.typbasetype and b.typcollation <> t.typcollation))
               when 'c' then format('create type %s as (%s)', q, (select string_agg(format('%I %s%s', attname, format_type(atttypid, atttypmod),
                                (select ' collate ' || a.attcollation::regcollation from pg_type b where b.oid = a.atttypid and b.typcollation <> a.attcollation)), ', ' order by attnum)
                                from pg_attribute a where attrelid = t.typrelid and attnum > 0 and not attisdropped))
               else (select format('create type %s as range (subtype = %s%s%s, multirange_type_name = %s)', q, format_type(rngsubtype, null), ', collation = ' || nullif(rngcollation, 0)::regcollation,
                            ', subtype_diff = ' || nullif(rngsubdiff, 0)::regproc, format_type(rngmultitypid, null)) from pg_range where rngtypid = t.oid) end as made from types t) t
union all
select 'default of', q, 23, at || '/default', at, '{}', pg_get_expr(typdefaultbin, 0, true), array[format('alter domain %s set default %s', q, pg_get_expr(typdefaultbin, 0))], null, null, array[format('alter domain %s drop default', q)]
  from types where typtype = 'd' and typdefaultbin is not null
union all
select 'not null of', q, 23, at || '/notnull', at, '{}', '', array[format('alter domain %s set not null', q)], null, null, array[format('alter domain %s drop not null', q)]
  from types t where typtype = 'd' and typnotnull and not exists (select from pg_constraint where contypid = t.oid and contype = 'n')
union all
select word, q, 35, at, null, '{}', case when prosqlbody is null then left(pg_get_functiondef(oid), length(pg_get_functiondef(oid)) - length(prosrc)) || md5(prosrc) else pg_get_functiondef(oid) end, array[pg_get_functiondef(oid)], array[pg_get_functiondef(oid)],
       row(prokind, pg_get_function_arguments(oid), pg_get_function_result(oid))::text, array[format('drop %s %s', word, q)]
  from functions where prokind <> 'a'
union all
select word, q, 36, at, null, '{}', g.made, array[g.made], null, null, array[format('drop %s %s', word, q)]
  from functions f, lateral (select format('create aggregate %I.%I(%s) (sfunc = %s, stype = %s, parallel = %s%s%s%s%s%s%s)', (select nspname from spaces where oid = f.pronamespace), f.proname, pg_get_function_arguments(f.oid),
            aggtransfn, format_type(aggtranstype, null), case f.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
            ', sspace = ' || nullif(aggtransspace, 0), ', finalfunc = ' || nullif(aggfinalfn, 0)::regproc, case when aggfinalextra then ', finalfunc_extra' end, ', combinefunc = ' || nullif(aggcombinefn, 0)::regproc,
            ', initcond = ' || quote_literal(agginitval), ', sortop = operator(' || (select format('%I.%s', n.nspname, o.oprname) from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where o.oid = aggsortop) || ')') as made
            from pg_aggregate where aggfnoid = f.oid and aggkind = 'n' and aggmtransfn = 0 and aggserialfn = 0) g where prokind = 'a'
union all
select 'sequence', q, 25, at || '0', null, '{}', p.made, array[format('create sequence %s %s', q, p.made)] || case when pg_sequence_last_value(r.oid) is null then '{}' else array[format('select setval(%L, %s)', q, pg_sequence_last_value(r.oid))] end,
       array[format('alter sequence %s %s', q, p.made)], '', array[format('drop sequence %s', q)]
  from lone_sequences r join (select seqrelid, format('as %s increment %s minvalue %s maxvalue %s start %s cache %s %scycle', format_type(seqtypid, null), seqincrement, seqmin, seqmax, seqstart, seqcache, case when seqcycle then '' else 'no ' end) as made
       from pg_sequence) p on p.seqrelid = r.oid
union all
select 'owning column of', r.q, 48, r.at || '0/owned', r.at || '0', array[d.refclassid::oid || ':' || d.refobjid || ':' || d.refobjsubid], format('%s.%I', d.refobjid::regclass, a.attname),
       array[format('alter sequence %s owned by %s.%I', r.q, d.refobjid::regclass, a.attname)], null, null, array[format('alter sequence %s owned by none', r.q)]
  from lone_sequences r join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.deptype = 'a' and d.refobjsubid > 0 join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
union all
select word, q, 40, at || '0', null, '{}', pg_get_viewdef(oid, true) || case relkind when 'm' then relispopulated::text else '' end,
       array[case relkind when 'v' then format('create view %s as %s', q, pg_get_viewdef(oid)) else format('create materialized view %s as %s with %sdata', q, rtrim(pg_get_viewdef(oid), ';'), case when relispopulated then '' else 'no ' end) end],
       null, null, array[format('drop %s %s', word, q)]
  from relations where relkind in ('v', 'm')
union all
select 'event trigger', quote_ident(evtname), 95, e.tableoid::text || ':' || e.oid || ':0', null, '{}', row(evtevent, evttags, evtfoid::regproc, evtenabled)::text,
       array[format('create event trigger %I on %s%s execute function %s()', evtname, evtevent, (select ' when tag in (' || string_agg(quote_literal(x), ', ') || ')' from unnest(evttags) x), evtfoid::regproc)]
           || case when evtenabled = 'O' then '{}' else array[format('alter event trigger %I %s', evtname, case evtenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end)] end,
       null, null, array[format('drop event trigger %I', evtname)]
  from pg_event_trigger e where (e.tableoid, e.oid) not in (select classid, objid from members)
union all
select 'publication', quote_ident(pubname), 85, p.tableoid::text || ':' || p.oid || ':0', null, '{}', row(puballtables, o.options)::text,
       array[format('create publication %I %swith (%s)', pubname, case when puballtables then 'for all tables ' else '' end, o.options)],
       array[format('alter publication %I set (%s)', pubname, o.options)], puballtables::text, array[format('drop publication %I', pubname)]
  from pg_publication p, lateral (select format('publish = %L, publish_via_partition_root = %s', concat_ws(', ', case when pubinsert then 'insert' end, case when pubupdate then 'update' end, case when pubdelete then 'delete' end,
       case when pubtruncate then 'truncate' end), pubviaroot::text) || coalesce(', publish_generated_columns = ' || case to_jsonb(p) ->> 'pubgencols' when 's' then 'stored' when 'n' then 'none' end, '') as options) o
union all
select 'publication', format('%I of %s', pubname, r.q), 86, x.tableoid::text || ':' || x.oid || ':0', r.at || '0', array[p.tableoid::text || ':' || p.oid || ':0'], t.entry, array[format('alter publication %I add %s', pubname, t.entry)], null, null,
       array[format('alter publication %I drop table only %s', pubname, r.q)]
  from pg_publication_rel x join pg_publication p on p.oid = x.prpubid join relations r on r.oid = x.prrelid, lateral (select format('table only %s%s%s', r.q,
       (select ' (' || string_agg(quote_ident(attname), ', ' order by attnum) || ')' from pg_attribute where attrelid = r.oid and attnum = any (x.prattrs::int2[])), ' where (' || pg_get_expr(x.prqual, x.prrelid, true) || ')') as entry) t
union all
select 'publication', format('%I of schema %I', pubname, nspname), 86, x.tableoid::text || ':' || x.oid || ':0', null, array[p.tableoid::text || ':' || p.oid || ':0'], '', array[format('alter publication %I add tables in schema %I', pubname, nspname)], null, null,
       array[format('alter publication %I drop tables in schema %I', pubname, nspname)]
  from pg_publication_namespace x join pg_publication p on p.oid = x.pnpubid join spaces s on s.oid = x.pnnspid
