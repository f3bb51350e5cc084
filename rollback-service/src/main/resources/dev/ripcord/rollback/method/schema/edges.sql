-- What needs what. A partition can be made without its parent, and a sequence without the column that owns it: parts of their own say so.
select d.classid || ':' || d.objid || ':' || d.objsubid as dependent, d.refclassid || ':' || d.refobjid || ':' || d.refobjsubid as needed
  from pg_depend d left join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid
 where d.objid >= 16384 and d.deptype in ('n', 'a', 'i', 'P', 'S') and (d.refobjid >= 16384 or d.refclassid = 'pg_namespace'::regclass)
   and not (coalesce(c.relispartition, false) and c.relkind in ('r', 'p') and d.refclassid = 'pg_class'::regclass and d.refobjid <> d.objid)
   and not (c.relkind is not distinct from 'S' and d.refclassid = 'pg_class'::regclass and d.deptype = 'a')
union all
-- What stands on a column of a parent table stands on that of each partition.
select '1259:' || a.attrelid || ':' || a.attnum, '1259:' || p.attrelid || ':' || p.attnum from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relispartition and c.relkind in ('r', 'p')
  join pg_inherits i on i.inhrelid = a.attrelid join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname where a.attnum > 0 and not a.attisdropped
