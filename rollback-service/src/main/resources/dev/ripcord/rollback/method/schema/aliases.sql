-- Catalogue entries that stand for a part of another name: the rule of a view for the view, the index of a constraint for the constraint.
select tableoid::text || ':' || oid || ':0' as addr, '1259:' || ev_class || ':0' as stands_for from pg_rewrite where rulename = '_RETURN' and oid >= 16384
union all
select '1247:' || oid || ':0', '1259:' || typrelid || ':0' from pg_type t where typrelid <> 0 and oid >= 16384 and (select relkind from pg_class c where c.oid = typrelid) <> 'c'
union all
select '1259:' || typrelid || ':0', '1247:' || oid || ':0' from pg_type t where typrelid <> 0 and oid >= 16384 and (select relkind from pg_class c where c.oid = typrelid) = 'c'
union all
select '1247:' || typarray || ':0', '1247:' || oid || ':0' from pg_type where typarray >= 16384
union all
select '1247:' || rngmultitypid || ':0', '1247:' || rngtypid || ':0' from pg_range where rngmultitypid >= 16384
union all
select d.tableoid::text || ':' || d.oid || ':0', '1259:' || adrelid || ':' || adnum from pg_attrdef d join pg_attribute a on a.attrelid = adrelid and a.attnum = adnum where a.attgenerated <> ''
union all
select '1259:' || conindid || ':0', tableoid::text || ':' || oid || ':0' from pg_constraint where contype in ('p', 'u', 'x') and conindid <> 0
union all
select '1259:' || a.attrelid || ':' || a.attnum, '1259:' || p.attrelid || ':' || p.attnum from pg_attribute a join pg_inherits i on i.inhrelid = a.attrelid and i.inhseqno = 1 join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname
 where a.attnum > 0 and not a.attisdropped and a.attinhcount > 0 and not a.attislocal and i.inhrelid >= 16384 and not (select relispartition from pg_class c where c.oid = a.attrelid)
union all
select k.tableoid::text || ':' || k.oid || ':0', k.tableoid::text || ':' || k.conparentid || ':0' from pg_constraint k where k.conparentid <> 0 and k.contype not in ('p', 'u', 'x')
union all
select t.tableoid::text || ':' || t.oid || ':0', t.tableoid::text || ':' || tgparentid || ':0' from pg_trigger t where tgparentid <> 0 and not tgisinternal
union all
select t.tableoid::text || ':' || t.oid || ':0', '2606:' || tgconstraint || ':0' from pg_trigger t where tgisinternal and tgconstraint <> 0
union all
select classid || ':' || objid || ':0', '3079:' || refobjid || ':0' from pg_depend where deptype = 'e'
