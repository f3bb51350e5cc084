-- Every object of a database's schema with its definition in one canonical line: kind, name, definition.
-- Read with search_path = pg_catalog, so that each name inside a definition is qualified.
with spaces as (
    select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), relations as (
    select c.*, format('%I.%I', s.nspname, c.relname) as qualified from pg_class c join spaces s on s.oid = c.relnamespace
     where not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select 'schema' as kind, quote_ident(n.nspname) as name,
       format('%s %s', pg_get_userbyid(n.nspowner), (select string_agg(a::text, ',' order by a::text) from unnest(n.nspacl) a)) as definition
  from pg_namespace n join spaces using (oid)
union all
select case relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view'
                    when 'f' then 'foreign table' when 'S' then 'sequence' else 'composite type' end,
       qualified,
       concat_ws(' ', pg_get_userbyid(relowner), relpersistence, relrowsecurity, relforcerowsecurity, relreplident, reloptions::text,
                 (select string_agg(a::text, ',' order by a::text) from unnest(relacl) a),
                 pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid),
                 (select string_agg(inhparent::regclass::text, ',' order by inhseqno) from pg_inherits where inhrelid = relations.oid),
                 case when relkind in ('v', 'm') then pg_get_viewdef(oid) end, case when relkind = 'm' then relispopulated::text end,
                 (select concat_ws(',', format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
                    from pg_sequence where seqrelid = relations.oid))
  from relations where relkind in ('r', 'p', 'v', 'm', 'f', 'S') or relkind = 'c'
union all
select 'column', format('%s.%I', r.qualified, a.attname),
       concat_ws(' ', row_number() over (partition by a.attrelid order by a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
                 a.attstorage, a.attcompression, a.attstattarget, a.attoptions::text, a.attislocal, a.attinhcount,
                 (select string_agg(x::text, ',' order by x::text) from unnest(a.attacl) x),
                 (select format('%I.%I', cn.nspname, co.collname) from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation),
                 (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum))
  from pg_attribute a join relations r on r.oid = a.attrelid where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
union all
select 'constraint', coalesce(r.qualified, t.typname) || ' ' || quote_ident(k.conname), concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
  from pg_constraint k join spaces s on s.oid = k.connamespace left join relations r on r.oid = k.conrelid left join pg_type t on t.oid = k.contypid
union all
select 'index', x.qualified, concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indisclustered, i.indisreplident, i.indisprimary)
  from pg_index i join relations x on x.oid = i.indexrelid
union all
select 'trigger', format('%s %I', r.qualified, t.tgname), concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
  from pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
union all
select 'rule', format('%s %I', r.qualified, w.rulename), concat_ws(' ', pg_get_ruledef(w.oid), w.ev_enabled)
  from pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
union all
select 'policy', format('%s %I', r.qualified, p.polname),
       concat_ws(' ', p.polpermissive, p.polcmd,
                 (select string_agg(coalesce(pg_get_userbyid(nullif(m, 0)), 'public')::text, ',' order by m) from unnest(p.polroles) m),
                 'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
  from pg_policy p join relations r on r.oid = p.polrelid
union all
select 'function', format('%I.%I(%s)', s.nspname, f.proname, pg_get_function_identity_arguments(f.oid)),
       concat_ws(' ', pg_get_userbyid(f.proowner), (select string_agg(a::text, ',' order by a::text) from unnest(f.proacl) a),
                 case when f.prokind = 'a' then (select concat_ws(',', aggtransfn, aggfinalfn, agginitval) from pg_aggregate where aggfnoid = f.oid) else pg_get_functiondef(f.oid) end)
  from pg_proc f join spaces s on s.oid = f.pronamespace
 where not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e')
union all
select 'type', format('%I.%I', s.nspname, t.typname),
       concat_ws(' ', pg_get_userbyid(t.typowner), t.typtype, (select string_agg(a::text, ',' order by a::text) from unnest(t.typacl) a),
                 (select string_agg(quote_literal(e.enumlabel), ',' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
                 case when t.typtype = 'd' then concat_ws(',', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) end)
  from pg_type t join spaces s on s.oid = t.typnamespace
 where t.typtype in ('e', 'd', 'r', 'm') and not exists (select 1 from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e')
union all
select 'extension', quote_ident(extname), extversion from pg_extension
union all
select 'event trigger', quote_ident(evtname), concat_ws(' ', evtevent, evtfoid::regprocedure, evtenabled, evttags::text) from pg_event_trigger
union all
select 'publication', quote_ident(pubname),
       concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot,
                 (select string_agg(prrelid::regclass::text, ',' order by prrelid::regclass::text) from pg_publication_rel where prpubid = pg_publication.oid))
  from pg_publication
union all
select 'statistics', format('%I.%I', s.nspname, x.stxname), pg_get_statisticsobjdef(x.oid)
  from pg_statistic_ext x join spaces s on s.oid = x.stxnamespace
union all
select 'default privileges', concat_ws(' ', pg_get_userbyid(d.defaclrole), (select nspname from pg_namespace where oid = d.defaclnamespace), d.defaclobjtype),
       (select string_agg(a::text, ',' order by a::text) from unnest(d.defaclacl) a)
  from pg_default_acl d
union all
select 'comment', pg_describe_object(c.classoid, c.objoid, c.objsubid), c.description
  from pg_description c
 where (c.classoid = 'pg_class'::regclass and c.objoid in (select oid from relations))
    or (c.classoid = 'pg_proc'::regclass and c.objoid in (select f.oid from pg_proc f join spaces s on s.oid = f.pronamespace
            where not exists (select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = f.oid and d.deptype = 'e')))
