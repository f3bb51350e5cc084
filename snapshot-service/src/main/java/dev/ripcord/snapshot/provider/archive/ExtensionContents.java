package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest.SchemaObject;
import dev.ripcord.snapshot.provider.archive.ClientProcess.FailedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What comes with extensions. An archive names an extension and nothing that is in it, and a restore makes that as the extension's script
 * has it: what was changed there since, or made on one of its tables, does not come back.
 */
final class ExtensionContents {

    /** Rights and owners are looked at elsewhere. Types that another type brings are members in some releases only. */
    private static final String CONTENTS = """
            with members (class, oid, extension) as materialized (
                select classid, objid, refobjid from pg_depend
                 where refclassid = 'pg_extension'::regclass and deptype = 'e'
                   and not (classid = 'pg_type'::regclass
                            and exists (select from pg_type t left join pg_class c on c.oid = t.typrelid
                                         where t.oid = objid and (c.relkind <> 'c' or t.typtype = 'm' or exists (select from pg_type element where element.typarray = t.oid))))),
                 relations (oid, name, extension) as (
                select c.oid, format('%I.%I', n.nspname, c.relname), m.extension
                  from members m join pg_class c on c.oid = m.oid join pg_namespace n on n.oid = c.relnamespace where m.class = 'pg_class'::regclass),
                 contents (extension, name, definition) as (
                select m.extension, concat_ws(' ', i.type, i.identity),
                       case m.class when 'pg_proc'::regclass then (select row(prosrc, probin, proconfig, prosecdef, proisstrict)::text from pg_proc p where p.oid = m.oid)
                                    when 'pg_ts_dict'::regclass then (select dictinitoption from pg_ts_dict d where d.oid = m.oid)
                                    when 'pg_class'::regclass then (select pg_get_viewdef(c.oid) from pg_class c where c.oid = m.oid and relkind in ('v', 'm')) end
                  from members m, pg_identify_object(m.class, m.oid, 0) i
                union all
                select r.extension, format('column %s.%I', r.name, a.attname), row(format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))::text
                  from relations r join pg_attribute a on a.attrelid = r.oid left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
                 where a.attnum > 0 and not a.attisdropped
                union all
                select r.extension, format('trigger %I on %s', g.tgname, r.name), row(pg_get_triggerdef(g.oid), g.tgenabled)::text
                  from relations r join pg_trigger g on g.tgrelid = r.oid where not g.tgisinternal
                union all
                select r.extension, format('constraint %I on %s', k.conname, r.name), pg_get_constraintdef(k.oid)
                  from relations r join pg_constraint k on k.conrelid = r.oid
                union all
                select r.extension, format('rule %I on %s', w.rulename, r.name), pg_get_ruledef(w.oid)
                  from relations r join pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN')
            select format('extension %I', e.extname) as kind, c.name, md5(coalesce(c.definition, '')) as hash
              from contents c join pg_extension e on e.oid = c.extension
             order by 1, 2""";

    private ExtensionContents() {}

    /** All of it, in the database of the session. */
    static List<SchemaObject> of(PgSession session) {
        return session.query(CONTENTS).stream()
                .map(row -> new SchemaObject(row.getString("kind"), row.getString("name"), row.getString("hash")))
                .toList();
    }

    /** Fails where the two are not the same, and names what differs. */
    static void requireEqual(List<SchemaObject> expected, List<SchemaObject> found) throws FailedException {
        Set<SchemaObject> wanted = new HashSet<>(expected);
        Set<SchemaObject> made = new HashSet<>(found);
        List<String> differing = Stream.concat(
                        expected.stream().filter(each -> !made.contains(each)),
                        found.stream().filter(each -> !wanted.contains(each)))
                .map(each -> each.name() + " in " + each.kind())
                .distinct()
                .sorted()
                .toList();
        if (differing.isEmpty()) return;
        throw new FailedException(
                "an archive has not what was changed within an extension, added to it or taken out: "
                        + ArchiveProvider.some(differing)
                        + "; undo it or make it apart from the extension, or use snapshot.form: clone, which has no such limit");
    }
}
