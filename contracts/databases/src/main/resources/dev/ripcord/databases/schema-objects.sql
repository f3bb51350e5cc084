-- Every object of a database's schema with its definition in one canonical line: kind, name, definition.
-- Read with search_path = pg_catalog, so that each name inside a definition is qualified. Nothing in a definition depends
-- on object ids, on gaps that dropped columns leave, or on whether a default right is written down: a restored archive has
-- others; nor on parentheses that mean nothing, which a restore may drop: expressions are written in the pretty form, which
-- has none. row(...)::text keeps neighbouring values apart.
with spaces as (
    select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), members as (
    select classid, objid from pg_depend where deptype = 'e'
), relations as (
    select c.*, format('%I.%I', s.nspname, c.relname) as qualified from pg_class c join spaces s on s.oid = c.relnamespace
     where (c.tableoid, c.oid) not in (select classid, objid from members)
), types as (
    select t.*, format('%I.%I', s.nspname, t.typname) as qualified from pg_type t join spaces s on s.oid = t.typnamespace
     where (t.tableoid, t.oid) not in (select classid, objid from members)
), functions as (
    select f.*, format('%I.%I(%s)', s.nspname, f.proname, pg_get_function_identity_arguments(f.oid)) as qualified
      from pg_proc f join spaces s on s.oid = f.pronamespace where (f.tableoid, f.oid) not in (select classid, objid from members)
)
select 'schema' as kind, quote_ident(nspname) as name,
       row(pg_get_userbyid(nspowner), (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(nspacl, acldefault('n', nspowner))) a))::text as definition
  from pg_namespace n join spaces using (oid, nspname) where (n.tableoid, n.oid) not in (select classid, objid from members)
union all
select case relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view'
                    when 'f' then 'foreign table' when 'S' then 'sequence' else 'composite type' end,
       qualified,
       row(pg_get_userbyid(relowner), relpersistence, relrowsecurity, relforcerowsecurity, relreplident,
           -- a dump gives a view's options back in another order
           (select array_agg(o order by o collate "C") from unnest(reloptions) o),
           (select array_agg(o order by o collate "C") from pg_class t, unnest(t.reloptions) o where t.oid = r.reltoastrelid), (select amname from pg_am where oid = relam),
           (select spcname from pg_tablespace where oid = reltablespace), nullif(reloftype, 0)::regtype,
           (select string_agg(a::text, ',' order by a::text)
              from unnest(coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))) a),
           pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid, true),
           (select string_agg(inhparent::regclass || case when inhdetachpending then ' that it is being detached from' else '' end, ',' order by inhseqno) from pg_inherits where inhrelid = r.oid),
           case when relkind in ('v', 'm') then pg_get_viewdef(oid, true) end, case when relkind = 'm' then relispopulated end,
           (select row(format_type(seqtypid, null), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) from pg_sequence where seqrelid = r.oid),
           case when relkind = 'S' then (select string_agg(format('%s %s.%I', d.deptype, d.refobjid::regclass, a.attname), ',')
                                           from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                                          where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')) end,
           (select row(s.srvname, t.ftoptions) from pg_foreign_table t join pg_foreign_server s on s.oid = t.ftserver where t.ftrelid = r.oid))::text
  from relations r where relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
union all
select 'column', format('%s.%I', r.qualified, a.attname),
       row(row_number() over (partition by a.attrelid order by a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
           a.attstorage, a.attcompression, a.attstattarget, a.attoptions, a.attfdwoptions, a.attislocal, a.attinhcount,
           (select string_agg(x::text, ',' order by x::text) from unnest(a.attacl) x),
           (select format('%I.%I', cn.nspname, co.collname) from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation),
           (select pg_get_expr(d.adbin, d.adrelid, true) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum))::text
  from pg_attribute a join relations r on r.oid = a.attrelid where a.attnum > 0 and not a.attisdropped and r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
union all
-- The parts of a foreign key that PostgreSQL makes for partitions have names of its choice. A disabled trigger of a
-- foreign key is one that does not check.
select 'constraint', coalesce(r.qualified, t.qualified) || ' ' || case when k.contype = 'f' and k.conparentid <> 0 then pg_get_constraintdef(k.oid) else quote_ident(k.conname) end,
       row(pg_get_constraintdef(k.oid, true), k.convalidated,
           (select string_agg(g.tgenabled::text, ',' order by g.tgtype, g.tgenabled) from pg_trigger g where g.tgconstraint = k.oid and g.tgisinternal and g.tgenabled <> 'O'))::text
  from pg_constraint k left join relations r on r.oid = k.conrelid left join types t on t.oid = k.contypid where coalesce(r.oid, t.oid) is not null
union all
select 'index', x.qualified,
       row(pg_get_indexdef(i.indexrelid, 0, true), i.indisvalid, i.indisready, i.indisclustered, i.indisreplident, i.indisprimary, pg_get_userbyid(x.relowner),
           (select spcname from pg_tablespace where oid = x.reltablespace), (select inhparent::regclass from pg_inherits where inhrelid = x.oid),
           (select string_agg(format('%s %s', attnum, attstattarget), ',' order by attnum) from pg_attribute where attrelid = x.oid and attstattarget >= 0))::text
  from pg_index i join relations x on x.oid = i.indexrelid
union all
select 'trigger', format('%s %I', r.qualified, t.tgname), row(pg_get_triggerdef(t.oid, true), t.tgenabled)::text
  from pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
union all
select 'rule', format('%s %I', r.qualified, w.rulename), row(pg_get_ruledef(w.oid, true), w.ev_enabled)::text
  from pg_rewrite w join relations r on r.oid = w.ev_class where w.rulename <> '_RETURN'
union all
select 'policy', format('%s %I', r.qualified, p.polname),
       row(p.polpermissive, p.polcmd, (select string_agg(name, ',' order by name) from (select coalesce(quote_ident(pg_get_userbyid(nullif(m, 0))), 'public') as name from unnest(p.polroles) m) n),
           pg_get_expr(p.polqual, p.polrelid, true), pg_get_expr(p.polwithcheck, p.polrelid, true))::text
  from pg_policy p join relations r on r.oid = p.polrelid
union all
select 'function', qualified,
       row(pg_get_userbyid(proowner), (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(proacl, acldefault('f', proowner))) a),
           -- a body that is a text stays as it is; what comes before it can read otherwise after a restore. Of one in SQL there is no pretty form.
           case when prosqlbody is not null then 'body in SQL: ' || pg_get_functiondef(oid)
                when prokind <> 'a' then
                     (select row(overlay(head placing '' from strpos(head, arguments) for length(arguments)), md5(prosrc), proargmodes, proargnames,
                                 coalesce(proallargtypes, proargtypes::oid[])::regtype[], pg_get_expr(proargdefaults, 0, true))::text
                        from (select left(whole, length(whole) - length(prosrc)) as head, pg_get_function_arguments(f.oid) as arguments from pg_get_functiondef(f.oid) whole) h) end,
           (select row(pg_get_function_arguments(aggfnoid), pg_get_function_result(aggfnoid), aggkind, aggnumdirectargs, aggtransfn::regprocedure, aggfinalfn::regprocedure,
                       aggcombinefn::regprocedure, aggserialfn::regprocedure, aggdeserialfn::regprocedure, aggmtransfn::regprocedure, aggminvtransfn::regprocedure,
                       aggmfinalfn::regprocedure, aggfinalextra, aggfinalmodify, aggmfinalextra, aggmfinalmodify, aggsortop::regoperator, format_type(aggtranstype, null),
                       aggtransspace, format_type(aggmtranstype, null), aggmtransspace, agginitval, aggminitval, f.proparallel)
              from pg_aggregate where aggfnoid = f.oid))::text
  from functions f
union all
select 'type', qualified,
       row(pg_get_userbyid(typowner), typtype, (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(typacl, acldefault('T', typowner))) a),
           (select string_agg(quote_literal(enumlabel), ',' order by enumsortorder) from pg_enum where enumtypid = t.oid),
           case when typtype = 'd' then row(format_type(typbasetype, typtypmod), typnotnull, pg_get_expr(typdefaultbin, 0, true), nullif(typcollation, 0)::regcollation) end,
           (select row(format_type(rngmultitypid, null), format_type(rngsubtype, null), nullif(rngcollation, 0)::regcollation, rngcanonical::regprocedure, rngsubdiff::regprocedure) from pg_range where rngtypid = t.oid),
           case when typtype = 'b' then row(typinput::regprocedure, typoutput::regprocedure, typlen, typbyval, typalign, typstorage, typcategory, typispreferred, typdelim, typdefault) end)::text
  from types t
 where typtype <> 'm' and (typtype <> 'c' or (select relkind from pg_class where pg_class.oid = typrelid) = 'c') and not exists (select 1 from pg_type e where e.typarray = t.oid)
union all
select 'extension', quote_ident(extname), row(extversion, extnamespace::regnamespace)::text from pg_extension
union all
-- by itself: an archive does not say whose an extension is
select 'extension owner', quote_ident(extname), pg_get_userbyid(extowner)::text from pg_extension
union all
select 'event trigger', quote_ident(evtname), row(evtevent, evtfoid::regprocedure, evtenabled, evttags, pg_get_userbyid(evtowner))::text
  from pg_event_trigger where (tableoid, oid) not in (select classid, objid from members)
union all
select 'publication', quote_ident(pubname),
       row(pg_get_userbyid(pubowner), (to_jsonb(p) - 'oid' - 'pubowner')::text,
           (select string_agg(i.identity, ',' order by i.identity) from pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) i
             where d.refclassid = 'pg_publication'::regclass and d.refobjid = p.oid),
           (select string_agg((to_jsonb(t) - 'rowfilter')::text, ',' order by to_jsonb(t) ->> 'schemaname', to_jsonb(t) ->> 'tablename') from pg_publication_tables t where t.pubname = p.pubname),
           (select string_agg(format('%s where %s', prrelid::regclass, pg_get_expr(prqual, prrelid, true)), ',' order by prrelid::regclass::text) from pg_publication_rel x where x.prpubid = p.oid and prqual is not null))::text
  from pg_publication p
union all
select 'statistics', format('%I.%I', s.nspname, x.stxname), row(pg_get_statisticsobjdef(x.oid), x.stxstattarget, pg_get_userbyid(x.stxowner))::text
  from pg_statistic_ext x join spaces s on s.oid = x.stxnamespace
union all
select 'operator', o.oid::regoperator::text,
       row(pg_get_userbyid(oprowner), oprcode::regprocedure, nullif(oprcom, 0)::regoperator, nullif(oprnegate, 0)::regoperator, oprrest::regprocedure, oprjoin::regprocedure, oprcanmerge, oprcanhash)::text
  from pg_operator o join spaces s on s.oid = o.oprnamespace where (o.tableoid, o.oid) not in (select classid, objid from members)
union all
select 'operator class', format('%I.%I using %I', s.nspname, c.opcname, m.amname),
       row(pg_get_userbyid(opcowner), f.opfname, format_type(opcintype, null), opcdefault, format_type(nullif(opckeytype, 0), null),
           (select string_agg(row(amopstrategy, amoppurpose, amopopr::regoperator)::text, ',' order by amopstrategy, amopopr::regoperator::text) from pg_amop where amopfamily = f.oid),
           (select string_agg(row(amprocnum, amproc::regprocedure)::text, ',' order by amprocnum, amproc::regprocedure::text) from pg_amproc where amprocfamily = f.oid))::text
  from pg_opclass c join spaces s on s.oid = c.opcnamespace join pg_am m on m.oid = c.opcmethod join pg_opfamily f on f.oid = c.opcfamily
 where (c.tableoid, c.oid) not in (select classid, objid from members)
union all
select 'cast', format('%s as %s', format_type(castsource, null), format_type(casttarget, null)), row(castfunc::regprocedure, castcontext, castmethod)::text
  from pg_cast c where c.oid >= 16384 and (c.tableoid, c.oid) not in (select classid, objid from members)
union all
select 'collation', format('%I.%I', s.nspname, c.collname), row(pg_get_userbyid(collowner), (to_jsonb(c) - array['oid', 'collnamespace', 'collowner', 'collversion', 'collencoding'])::text)::text
  from pg_collation c join spaces s on s.oid = c.collnamespace where (c.tableoid, c.oid) not in (select classid, objid from members)
union all
select 'text search configuration', format('%I.%I', s.nspname, c.cfgname),
       row(pg_get_userbyid(cfgowner), (select prsname from pg_ts_parser where oid = cfgparser),
           (select string_agg(row(maptokentype, mapseqno, mapdict::regdictionary)::text, ',' order by maptokentype, mapseqno) from pg_ts_config_map where mapcfg = c.oid))::text
  from pg_ts_config c join spaces s on s.oid = c.cfgnamespace where (c.tableoid, c.oid) not in (select classid, objid from members)
union all
select 'text search dictionary', format('%I.%I', s.nspname, d.dictname), row(pg_get_userbyid(dictowner), (select tmplname from pg_ts_template where oid = dicttemplate), dictinitoption)::text
  from pg_ts_dict d join spaces s on s.oid = d.dictnamespace where (d.tableoid, d.oid) not in (select classid, objid from members)
union all
select 'language', quote_ident(lanname),
       row(pg_get_userbyid(lanowner), lanpltrusted, lanplcallfoid::regprocedure, laninline::regprocedure, lanvalidator::regprocedure,
           (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(lanacl, acldefault('l', lanowner))) a))::text
  from pg_language
union all
select 'foreign data wrapper', quote_ident(fdwname),
       row(pg_get_userbyid(fdwowner), fdwhandler::regprocedure, fdwvalidator::regprocedure, fdwoptions,
           (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(fdwacl, acldefault('F', fdwowner))) a))::text
  from pg_foreign_data_wrapper
union all
select 'foreign server', quote_ident(srvname),
       row(pg_get_userbyid(srvowner), (select fdwname from pg_foreign_data_wrapper where oid = srvfdw), srvtype, srvversion, srvoptions,
           (select string_agg(a::text, ',' order by a::text) from unnest(coalesce(srvacl, acldefault('S', srvowner))) a))::text
  from pg_foreign_server
union all
select 'user mapping', concat_ws(' ', quote_ident(usename), 'on', quote_ident(srvname)), '' from pg_user_mappings
union all
select 'default privileges', row(pg_get_userbyid(defaclrole), nullif(defaclnamespace, 0)::regnamespace, defaclobjtype)::text,
       (select string_agg(a::text, ',' order by a::text) from unnest(defaclacl) a)
  from pg_default_acl
union all
select 'conversion', format('%I.%I', s.nspname, c.conname), row(pg_get_userbyid(conowner), pg_encoding_to_char(conforencoding), pg_encoding_to_char(contoencoding), conproc, condefault)::text
  from pg_conversion c join spaces s on s.oid = c.connamespace where (c.tableoid, c.oid) not in (select classid, objid from members)
union all
select 'operator family', format('%I.%I using %I', s.nspname, f.opfname, m.amname),
       row(pg_get_userbyid(opfowner), (select string_agg(row(amopstrategy, amoppurpose, amopopr::regoperator)::text, ',' order by amopstrategy, amopopr::regoperator::text) from pg_amop where amopfamily = f.oid),
           (select string_agg(row(amprocnum, amproc::regprocedure)::text, ',' order by amprocnum, amproc::regprocedure::text) from pg_amproc where amprocfamily = f.oid))::text
  from pg_opfamily f join spaces s on s.oid = f.opfnamespace join pg_am m on m.oid = f.opfmethod where (f.tableoid, f.oid) not in (select classid, objid from members)
union all
select 'transform', i.identity, row(trffromsql, trftosql)::text
  from pg_transform t, pg_identify_object(t.tableoid, t.oid, 0) i where (t.tableoid, t.oid) not in (select classid, objid from members)
union all
select 'access method', quote_ident(amname), row(amhandler, amtype)::text from pg_am m where (m.tableoid, m.oid) not in (select classid, objid from members)
union all
select 'text search parser', format('%I.%I', s.nspname, p.prsname), (to_jsonb(p) - array['oid', 'prsnamespace'])::text
  from pg_ts_parser p join spaces s on s.oid = p.prsnamespace where (p.tableoid, p.oid) not in (select classid, objid from members)
union all
select 'text search template', format('%I.%I', s.nspname, p.tmplname), (to_jsonb(p) - array['oid', 'tmplnamespace'])::text
  from pg_ts_template p join spaces s on s.oid = p.tmplnamespace where (p.tableoid, p.oid) not in (select classid, objid from members)
union all
-- no copy carries them
select 'subscription', quote_ident(subname), row(pg_get_userbyid(subowner), subenabled, subslotname, subpublications)::text
  from pg_subscription where subdbid = (select oid from pg_database where datname = current_database())
union all
-- What was changed in PostgreSQL's own schemas: rights that are no longer those of initdb, and functions that somebody put there.
select 'system privileges', concat_ws(' ', i.type, i.identity), (select string_agg(a::text, ',' order by a::text) from unnest(o.acl) a)
  from (select p.tableoid as classoid, p.oid as objoid, 0 as objsubid, coalesce(proacl, acldefault('f', proowner)) as acl, acldefault('f', proowner) as usual
          from pg_proc p where pronamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        union all
        select c.tableoid, c.oid, 0, coalesce(relacl, acldefault('r', relowner)), acldefault('r', relowner)
          from pg_class c where relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and relkind in ('r', 'v')
        union all
        select a.tableoid, a.attrelid, a.attnum, attacl, null
          from pg_attribute a join pg_class c on c.oid = a.attrelid where relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and attacl is not null
        union all
        select n.tableoid, n.oid, 0, coalesce(nspacl, acldefault('n', nspowner)), acldefault('n', nspowner)
          from pg_namespace n where nspname in ('pg_catalog', 'information_schema')) o
  left join pg_init_privs p on (p.classoid, p.objoid, p.objsubid) = (case when o.objsubid = 0 then o.classoid else 'pg_class'::regclass end, o.objoid, o.objsubid),
       pg_identify_object(case when o.objsubid = 0 then o.classoid else 'pg_class'::regclass end, o.objoid, o.objsubid) i
 where (o.classoid, o.objoid) not in (select classid, objid from members)
   and array(select a::text from unnest(o.acl) a order by a::text) <> array(select a::text from unnest(coalesce(p.initprivs, o.usual)) a order by a::text)
union all
select 'system function', f.oid::regprocedure::text, row(pg_get_userbyid(proowner), case when prokind <> 'a' then pg_get_functiondef(f.oid) end)::text
  from pg_proc f where f.oid >= 16384 and pronamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
   and (f.tableoid, f.oid) not in (select classid, objid from members)
union all
select 'comment', concat_ws(' ', i.type, i.identity), c.description
  from pg_description c, pg_identify_object(c.classoid, c.objoid, c.objsubid) i
 where (c.objoid >= 16384 or c.classoid = 'pg_largeobject'::regclass or c.classoid = 'pg_namespace'::regclass and c.objoid in (select oid from spaces))
   and (c.classoid, c.objoid) not in (select classid, objid from members) and i.identity !~ '\mpg_(temp|toast)'
union all
select 'security label', concat_ws(' ', l.provider, i.type, i.identity), l.label
  from pg_seclabel l, pg_identify_object(l.classoid, l.objoid, l.objsubid) i
