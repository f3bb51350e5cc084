package dev.ripcord.rollback.method.partial;

/** How the catalogue is asked. */
final class CatalogueSql {

    private CatalogueSql() {}

    static final String ENTRIES = """
            select c.oid::bigint as oid, n.nspname || '.' || c.relname as plain, c.relname::text as bare,
                   format('%I.%I', n.nspname, c.relname) as name, c.relkind::text as kind,
                   coalesce(pg_partition_root(c.oid)::oid, c.oid)::bigint as root,
                   coalesce(pg_get_expr(c.relpartbound, c.oid), '') as bound
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    /** Fields that older servers do not have are read as JSON. */
    static final String FOREIGN_KEYS = """
            select quote_ident(k.conname) as name, k.conrelid::bigint as child, k.confrelid::bigint as parent,
                   array(select quote_ident(a.attname) from unnest(k.conkey) with ordinality u(n, i)
                           join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by i)::text[] as child_columns,
                   array(select quote_ident(a.attname) from unnest(k.confkey) with ordinality u(n, i)
                           join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by i)::text[] as parent_columns,
                   array(select format('operator(%I.%s)', n.nspname, o.oprname) from unnest(k.conpfeqop) with ordinality u(op, i)
                           join pg_operator o on o.oid = u.op join pg_namespace n on n.oid = o.oprnamespace order by i)::text[] as operators,
                   array(select format('operator(%I.%s)', n.nspname, o.oprname) from unnest(k.conppeqop) with ordinality u(op, i)
                           join pg_operator o on o.oid = u.op join pg_namespace n on n.oid = o.oprnamespace order by i)::text[] as same_operators,
                   k.confmatchtype = 'f' as matches_full, k.convalidated as validated,
                   coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) as enforced,
                   coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) as temporal,
                   c.relispartition or p.relispartition as of_partition
              from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
             where k.contype = 'f' and k.conparentid = 0
             order by c.relname, k.conname""";

    static final String TABLE = """
            select format('%I.%I', n.nspname, c.relname) as name, c.relkind::text as kind, c.relispartition as partition,
                   c.relpersistence = 't' as temporary, c.relrowsecurity as secured, row_security_active(c.oid) as hidden,
                   pg_has_role(c.relowner, 'USAGE') as owned,
                   c.relkind = 'r' and exists (select from pg_inherits i where i.inhparent = c.oid) as inherited,
                   coalesce(f.some_foreign, false) as foreign_parts,
                   coalesce(f.all_writable, false) as writable,
                   array(select r.rulename from pg_rewrite r where r.ev_class = any (f.members) and r.ev_type <> '1' and r.ev_enabled in ('O', 'A'))::text[] as usual_rules,
                   array(select r.rulename from pg_rewrite r where r.ev_class = any (f.members) and r.ev_type <> '1' and r.ev_enabled in ('R', 'A'))::text[] as held_rules,
                   array(select k.conname from pg_constraint k where k.conrelid = any (f.members) and k.condeferrable
                            and (k.contype = 'x' or k.contype in ('p', 'u') and coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false)))::text[] as unchecked
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             cross join lateral (
                   select array_agg(m.oid) as members, bool_or(m.relkind = 'f') as some_foreign,
                          bool_and(has_table_privilege(m.oid, 'SELECT') and has_table_privilege(m.oid, 'INSERT')
                                   and has_table_privilege(m.oid, 'UPDATE') and has_table_privilege(m.oid, 'DELETE')) as all_writable
                     from pg_class m where m.oid = c.oid or (c.relkind = 'p' and m.oid in (select relid from pg_partition_tree(c.oid)))) f
             where c.oid = $1::bigint::oid""";

    static final String COLUMNS = """
            select quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type,
                   coalesce((with recursive inner_types(oid) as (
                           select e.oid
                           union
                           select p.oid from inner_types i join pg_type t on t.oid = i.oid cross join lateral (
                                  select t.typbasetype union all select t.typelem where t.typcategory = 'A'
                                  union all select r.rngsubtype from pg_range r where r.rngtypid = t.oid
                                  union all select m.atttypid from pg_attribute m where m.attrelid = t.typrelid and m.attnum > 0 and not m.attisdropped) p(oid)
                            where p.oid <> 0)
                       select string_agg(case when t.oid <> e.oid then format_type(t.oid, null) || ': ' else '' end || case t.typtype
                                  when 'c' then (select string_agg(quote_ident(m.attname) || ' ' || format_type(m.atttypid, m.atttypmod), ', ' order by m.attnum)
                                                   from pg_attribute m where m.attrelid = t.typrelid and m.attnum > 0 and not m.attisdropped)
                                  when 'd' then format_type(t.typbasetype, t.typtypmod)
                                  when 'r' then (select format_type(r.rngsubtype, null) from pg_range r where r.rngtypid = t.oid)
                                  when 'e' then (select string_agg(quote_literal(l.enumlabel), ', ' order by l.enumsortorder) from pg_enum l where l.enumtypid = t.oid) end,
                                  '; ' order by t.oid <> e.oid, format_type(t.oid, null) collate "C")
                         from inner_types i join pg_type t on t.oid = i.oid where t.typtype in ('c', 'd', 'r') or t.typtype = 'e' and t.oid <> e.oid), '') as made,
                   array(select l.enumlabel from pg_enum l where l.enumtypid = e.oid order by l.enumsortorder)::text[] as labels,
                   a.attnotnull as not_null,
                   a.attnotnull and not exists (select from pg_constraint k where k.conrelid = a.attrelid and k.contype = 'n' and not k.convalidated and k.conkey = array[a.attnum]) as sure,
                   t.typtype = 'd' and t.typnotnull as demanding, a.attgenerated <> '' as generated, a.attgenerated = 'v' as virtual,
                   a.attidentity = 'a' as identity_always,
                   a.atthasdef or a.attidentity <> '' or (t.typtype = 'd' and t.typdefault is not null) as defaulted
              from pg_attribute a join pg_type t on t.oid = a.atttypid
              join pg_type e on e.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end
             where a.attrelid = $1::bigint::oid and a.attnum > 0 and not a.attisdropped
             order by a.attnum""";

    /**
     * An equality operator is a btree's third strategy. A key over periods has the equalities of its other columns, and rows that are
     * equal in all of them would overlap: a period is never empty there.
     */
    static final String INDEXES = """
            select array(select quote_ident(a.attname) from unnest(i.indkey::smallint[]) with ordinality u(n, o)
                           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.n where u.o <= i.indnkeyatts order by u.o)::text[] as columns,
                   case when t.oid is not null
                        then array(select case when u.o = cardinality(t.conexclop) then 'operator(pg_catalog.=)' else format('operator(%I.%s)', n.nspname, p.oprname) end
                                     from unnest(t.conexclop) with ordinality u(op, o)
                                     join pg_operator p on p.oid = u.op join pg_namespace n on n.oid = p.oprnamespace order by u.o)
                        else array(select format('operator(%I.%s)', n.nspname, p.oprname) from unnest(i.indclass::oid[]) with ordinality u(class, o)
                           join pg_opclass c on c.oid = u.class
                           join pg_amop m on m.amopfamily = c.opcfamily and m.amoplefttype = c.opcintype and m.amoprighttype = c.opcintype and m.amopstrategy = 3
                           join pg_operator p on p.oid = m.amopopr join pg_namespace n on n.oid = p.oprnamespace order by u.o) end::text[] as operators,
                   i.indisunique and i.indisvalid and i.indexprs is null and i.indpred is null and (b.amname = 'btree' or t.oid is not null) as key,
                   i.indexprs is null and i.indpred is null and not i.indisexclusion as plain,
                   not i.indimmediate as deferrable,
                   coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) as nulls_equal,
                   i.indisexclusion as exclusion
              from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am b on b.oid = x.relam
              left join pg_constraint t on t.conindid = i.indexrelid and t.contype in ('p', 'u') and coalesce((to_jsonb(t) ->> 'conperiod')::boolean, false)
             where i.indrelid = $1::bigint::oid and (i.indisunique or i.indisexclusion)
             order by i.indisprimary desc, x.relname""";
}
