select 'constraint' as kind, rq || ' ' || k as name, case contype when 'n' then 50 when 'c' then 54 when 'f' then 75 else 55 end as stage, kat as addr, at || '0' as inside,
       case when contype = 'p' then array(select at || n || '/notnull' from unnest(conkey) n) || array(select o.kat from constraints o where o.conrelid = c.conrelid and o.contype = 'n' and o.conkey <@ c.conkey) else '{}' end as needs,
       row(contype, shown)::text as definition,
       array[format('alter table %s%s add constraint %s %s', case when relkind = 'p' and contype in ('p', 'u', 'x') then 'only ' else '' end, rq, k, def)] as creates,
       null::text[] as sets, null as shape,
       case when conparentid = 0 then array[format('alter table %s drop constraint %s', rq, k)] else '{}' end as drops
  from constraints c where rq is not null and own
union all
select 'constraint', tq || ' ' || k, 22, kat, tat, '{}', shown, array[format('alter domain %s add constraint %s %s', tq, k, def)], null, null, array[format('alter domain %s drop constraint %s', tq, k)]
  from constraints where tq is not null
union all
select 'index', format('%I.%I', s.nspname, x.relname), 60, '1259:' || x.oid || ':0', r.at || '0', '{}', pg_get_indexdef(x.oid, 0, true), array[pg_get_indexdef(x.oid)], null, null,
       case when x.relispartition then '{}' else array[format('drop index %I.%I', s.nspname, x.relname)] end
  from pg_index i join relations r on r.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_namespace s on s.oid = x.relnamespace
 where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
union all
select 'parent of index', x.oid::regclass::text, 66, '1259:' || x.oid || ':0/parent', '1259:' || x.oid || ':0',
       array['1259:' || inhparent || ':0', '1259:' || i.indrelid || ':0/partition'], inhparent::regclass::text,
       array[format('alter index %s attach partition %s', inhparent::regclass, x.oid::regclass)], null, null, '{}'
  from pg_index i join relations r on r.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_inherits h on h.inhrelid = x.oid
union all
select 'statistics target of', x.oid::regclass || '.' || attnum, 62, '1259:' || x.oid || ':0/statistics' || attnum, '1259:' || x.oid || ':0', '{}', attstattarget::text,
       array[format('alter index %s alter column %s set statistics %s', x.oid::regclass, attnum, attstattarget)], null, null, array[format('alter index %s alter column %s set statistics -1', x.oid::regclass, attnum)]
  from pg_index i join relations r on r.oid = i.indrelid join pg_class x on x.oid = i.indexrelid join pg_attribute a on a.attrelid = x.oid where attstattarget >= 0
union all
select 'statistics', format('%I.%I', s.nspname, stxname), 62, x.tableoid::text || ':' || x.oid || ':0', r.at || '0', '{}', row(pg_get_statisticsobjdef(x.oid), stxstattarget)::text,
       array[pg_get_statisticsobjdef(x.oid)] || case when stxstattarget >= 0 then array[format('alter statistics %I.%I set statistics %s', s.nspname, stxname, stxstattarget)] else '{}' end,
       null, null, array[format('drop statistics %I.%I', s.nspname, stxname)]
  from pg_statistic_ext x join spaces s on s.oid = x.stxnamespace join relations r on r.oid = x.stxrelid
union all
select 'trigger', format('%s %I', r.q, tgname), 78, t.tableoid::text || ':' || t.oid || ':0', r.at || '0', '{}', pg_get_triggerdef(t.oid, true), array[pg_get_triggerdef(t.oid)], null, null,
       array[format('drop trigger %I on %s', tgname, r.q)]
  from pg_trigger t join relations r on r.oid = t.tgrelid where not tgisinternal and tgparentid = 0
union all
select 'state of trigger', format('%s %I', r.q, tgname), 79, t.tableoid::text || ':' || t.oid || ':0/state', t.tableoid::text || ':' || t.oid || ':0', '{}', tgenabled::text,
       array[format('alter table %s %s trigger %I', r.q, case tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, tgname)], null, null,
       array[format('alter table %s enable trigger %I', r.q, tgname)]
  from pg_trigger t join relations r on r.oid = t.tgrelid where not tgisinternal and tgparentid = 0 and tgenabled <> 'O'
union all
select 'rule', format('%s %I', r.q, rulename), 78, w.tableoid::text || ':' || w.oid || ':0', r.at || '0', '{}', pg_get_ruledef(w.oid, true), array[pg_get_ruledef(w.oid)], null, null,
       array[format('drop rule %I on %s', rulename, r.q)]
  from pg_rewrite w join relations r on r.oid = w.ev_class where rulename <> '_RETURN'
union all
select 'state of rule', format('%s %I', r.q, rulename), 79, w.tableoid::text || ':' || w.oid || ':0/state', w.tableoid::text || ':' || w.oid || ':0', '{}', ev_enabled::text,
       array[format('alter table %s %s rule %I', r.q, case ev_enabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, rulename)], null, null,
       array[format('alter table %s enable rule %I', r.q, rulename)]
  from pg_rewrite w join relations r on r.oid = w.ev_class where rulename <> '_RETURN' and ev_enabled <> 'O'
union all
select 'policy', format('%s %I', r.q, polname), 78, p.tableoid::text || ':' || p.oid || ':0', r.at || '0', '{}', p.head || p.shown, array[p.head || p.made], null, null, array[format('drop policy %I on %s', polname, r.q)]
  from relations r join (select p.*, p.tableoid, format('create policy %I on %s as %s for %s to %s', polname, o.q, case when polpermissive then 'permissive' else 'restrictive' end,
              case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
              (select string_agg(name, ', ' order by name) from (select coalesce(quote_ident(pg_get_userbyid(nullif(m, 0))), 'public') as name from unnest(p.polroles) m) n)) as head,
              concat(' using (' || pg_get_expr(polqual, polrelid) || ')', ' with check (' || pg_get_expr(polwithcheck, polrelid) || ')') as made,
              concat(' using (' || pg_get_expr(polqual, polrelid, true) || ')', ' with check (' || pg_get_expr(polwithcheck, polrelid, true) || ')') as shown
         from pg_policy p join relations o on o.oid = p.polrelid) p on p.polrelid = r.oid
