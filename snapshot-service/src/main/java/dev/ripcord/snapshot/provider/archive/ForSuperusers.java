package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.PgSession;
import dev.ripcord.snapshot.core.Refusal;
import java.util.List;
import java.util.Optional;

/** What an archive holds and a restoring role that is no superuser cannot bring back: its restore would fail half-way. */
final class ForSuperusers {

    /**
     * A restore makes each extension in the server's newest version of it, whichever that is. What comes with an extension is not in an
     * archive, nor is what PostgreSQL itself brings, or makes with something else: the constructors of a range.
     */
    private static final String UNMAKEABLE = """
            with made (class, oid) as (
                select tableoid, oid from pg_extension e
                 where not exists (select from pg_available_extensions a join pg_available_extension_versions v on (v.name, v.version) = (a.name, a.default_version)
                                    where a.name = e.extname and (v.trusted or not v.superuser))
                union all
                select tableoid, oid from pg_event_trigger
                union all
                select tableoid, oid from pg_publication p
                 where puballtables or exists (select from pg_publication_namespace s where s.pnpubid = p.oid)
                union all
                select p.tableoid, p.oid from pg_proc p join pg_language l on l.oid = p.prolang
                 where p.prokind <> 'a' and (not l.lanpltrusted or p.proleakproof or p.prosupport <> 0)
                union all
                select 'pg_proc'::regclass, aggfnoid from pg_aggregate where 'internal'::regtype in (aggtranstype, aggmtranstype)
                union all
                select tableoid, oid from pg_type t
                 where typtype = 'b' and not exists (select from pg_type element where element.typarray = t.oid)
                union all
                select c.tableoid, c.oid from pg_cast c, pg_roles r
                 where r.rolname = $1
                   and (castmethod = 'b' or not exists (select from pg_type t where t.oid in (castsource, casttarget) and pg_has_role(r.oid, t.typowner, 'MEMBER')))
                union all
                select p.tableoid, p.oid from pg_proc p, pg_roles r, unnest(proconfig) own, pg_settings s
                 where r.rolname = $1 and s.name = lower(split_part(own, '=', 1)) and s.context <> 'user' and not has_parameter_privilege(r.oid, s.name, 'SET')
                union all
                select tableoid, oid from pg_opclass
                union all
                select tableoid, oid from pg_opfamily
                union all
                select tableoid, oid from pg_am
                union all
                select tableoid, oid from pg_language
                union all
                select tableoid, oid from pg_foreign_data_wrapper
                union all
                select tableoid, oid from pg_ts_parser
                union all
                select tableoid, oid from pg_ts_template
                union all
                select a.tableoid, a.oid from pg_default_acl a, pg_roles r
                 where r.rolname = $1 and not pg_has_role(r.oid, a.defaclrole, 'MEMBER')
            )
            select pg_describe_object(m.class, m.oid, 0) as name
              from made m, pg_identify_object(m.class, m.oid, 0) i
             where m.oid >= 16384 and coalesce(i.schema, '') !~ '^pg_'
               and not exists (select from pg_depend d where d.classid = m.class and d.objid = m.oid and d.deptype in ('e', 'i'))
             order by m.class <> 'pg_extension'::regclass, name""";

    /** An archive gives such a right in the name of who gave it, for which one must be able to log in as any. */
    private static final String REGRANTED = """
            with rights (class, oid, sub, owner, acl) as (
                select tableoid, oid, 0, relowner, relacl from pg_class
                union all
                select 'pg_class'::regclass, attrelid, attnum, relowner, attacl from pg_attribute a join pg_class c on c.oid = attrelid
                union all
                select tableoid, oid, 0, proowner, proacl from pg_proc
                union all
                select tableoid, oid, 0, typowner, typacl from pg_type
                union all
                select tableoid, oid, 0, nspowner, nspacl from pg_namespace
                union all
                select 'pg_largeobject'::regclass, oid, 0, lomowner, lomacl from pg_largeobject_metadata
            )
            select pg_describe_object(r.class, r.oid, r.sub) as name
              from rights r
             where r.oid >= 16384 and exists (select from aclexplode(acl) a where a.grantor <> r.owner)
               and not exists (select from pg_depend d where d.classid = r.class and d.objid = r.oid and d.deptype = 'e')
             order by name""";

    /**
     * What initdb or a superuser's extension has made belongs to a superuser in a copy too, whose rights others cannot give: where they may
     * do nothing with it their GRANT fails, else it only warns. Functions, tables and types of extensions are looked at elsewhere. What
     * initdb gives in {@code information_schema} it does not note.
     */
    private static final String OTHER_RIGHTS = """
            with system (oid) as (values ('pg_catalog'::regnamespace::oid), ('information_schema'::regnamespace::oid)),
                 members (class, oid) as (
                select m.classid, m.objid
                  from pg_depend m join pg_extension e on e.oid = m.refobjid
                  join pg_available_extension_versions v on (v.name, v.version) = (e.extname, e.extversion)
                 where m.refclassid = 'pg_extension'::regclass and m.deptype = 'e' and v.superuser),
                 rights (class, oid, sub, acl, usual) as (
                select tableoid, oid, 0, lanacl, acldefault('l', lanowner) from pg_language
                 where oid < 16384 or (tableoid, oid) in (select * from members)
                union all
                select tableoid, oid, 0, fdwacl, acldefault('F', fdwowner) from pg_foreign_data_wrapper
                 where (tableoid, oid) in (select * from members)
                union all
                select tableoid, oid, 0, nspacl, acldefault('n', nspowner) || case when nspname = 'information_schema' then array[makeaclitem(0, nspowner, 'USAGE', false)] end
                  from pg_namespace
                 where oid in (select * from system) or (tableoid, oid) in (select * from members)
                union all
                select tableoid, oid, 0, proacl, acldefault('f', proowner) from pg_proc where pronamespace in (select * from system)
                union all
                select tableoid, oid, 0, typacl, acldefault('T', typowner) from pg_type where typnamespace in (select * from system)
                union all
                select tableoid, oid, 0, relacl,
                       acldefault('r', relowner) || case when relacl is not null and relnamespace = 'information_schema'::regnamespace then array[makeaclitem(0, relowner, 'SELECT', false)] end
                  from pg_class where relnamespace in (select * from system) and relkind in ('r', 'v')
                union all
                select c.tableoid, attrelid, attnum, attacl, null from pg_attribute a join pg_class c on c.oid = attrelid
                 where attacl is not null and (relnamespace in (select * from system) or (c.tableoid, c.oid) in (select * from members))),
                 changed (class, oid, sub) as materialized (
                select r.class, r.oid, r.sub
                  from rights r left join pg_init_privs p on (p.classoid, p.objoid, p.objsubid) = (r.class, r.oid, r.sub)
                 where array(select a::text from unnest(coalesce(r.acl, r.usual)) a order by 1)
                    <> array(select a::text from unnest(coalesce(p.initprivs, r.usual)) a order by 1))
            select concat_ws(' ', i.type, i.identity) as name
              from changed c, pg_identify_object(c.class, c.oid, c.sub) i
             order by name""";

    /** No archive has them, whoever restores it. */
    private static final String IN_SYSTEM_SCHEMAS = """
            with placed (class, oid, space) as (
                select tableoid, oid, relnamespace from pg_class
                union all
                select tableoid, oid, pronamespace from pg_proc
                union all
                select tableoid, oid, typnamespace from pg_type
                union all
                select tableoid, oid, oprnamespace from pg_operator
                union all
                select tableoid, oid, collnamespace from pg_collation c
                 where exists (select from pg_depend d where d.refclassid = c.tableoid and d.refobjid = c.oid)
                union all
                select tableoid, oid, connamespace from pg_conversion
                union all
                select tableoid, oid, cfgnamespace from pg_ts_config
                union all
                select tableoid, oid, dictnamespace from pg_ts_dict),
                 made (class, oid) as materialized (
                select class, oid from placed p
                 where oid >= 16384 and space in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                   and not exists (select from pg_depend d where d.classid = p.class and d.objid = p.oid and d.deptype in ('e', 'i')))
            select concat_ws(' ', i.type, i.identity) as name
              from made m, pg_identify_object(m.class, m.oid, 0) i
             order by name""";

    private static final String OLD_EXTENSIONS = """
            select format('%I %s, where a restore makes %s', e.extname, e.extversion, a.default_version) as name
              from pg_extension e join pg_available_extensions a on a.name = e.extname
             where e.oid >= 16384 and e.extversion <> a.default_version
             order by name""";

    /**
     * An extension's script makes an object and a member of it at once: nothing is known of the object from before. Who adds one by hand
     * adds what was there. A script may do so as well, when the extension is updated: then this is written with the extension itself. Nor
     * is a part of a script that has a transaction of its own earlier than the rest.
     */
    private static final String ADDED_MEMBERS = """
            with members (class, oid, extension, added) as materialized (
                select classid, objid, refobjid, xmin from pg_depend where refclassid = 'pg_extension'::regclass and deptype = 'e'),
                 known (class, oid, since) as (
                select classid, objid, xmin from pg_depend where deptype <> 'e'
                union all
                select tableoid, oid, xmin from pg_namespace)
            select format('%s in %I', pg_describe_object(m.class, m.oid, 0), e.extname) as name
              from members m join pg_extension e on e.oid = m.extension
             where m.added <> e.xmin
               and exists (select from known k where (k.class, k.oid) = (m.class, m.oid) and age(k.since) > age(m.added)
                              and k.since not in (select added from members))
             order by name""";

    private static final String IS_SUPERUSER = "select from pg_roles where rolsuper and rolname = $1";

    private ForSuperusers() {}

    /** Why this role cannot bring back what there is; empty where it can. */
    static Optional<Refusal> refusal(PgSession session, Role restorer) {
        if (session.query(IS_SUPERUSER, restorer.user()).isEmpty()) {
            List<String> unmakeable = names(session, UNMAKEABLE, restorer.user());
            if (!unmakeable.isEmpty()) return Optional.of(unmakeable(restorer, unmakeable));
            List<String> regranted = names(session, REGRANTED);
            if (!regranted.isEmpty()) return Optional.of(regranted(restorer, regranted));
            List<String> changed = names(session, OTHER_RIGHTS);
            if (!changed.isEmpty()) return Optional.of(changed(restorer, changed));
        }
        List<String> leftOut = names(session, IN_SYSTEM_SCHEMAS);
        if (!leftOut.isEmpty()) return Optional.of(leftOut(leftOut));
        List<String> added = names(session, ADDED_MEMBERS);
        if (!added.isEmpty()) return Optional.of(added(added));
        List<String> old = names(session, OLD_EXTENSIONS);
        return old.isEmpty() ? Optional.empty() : Optional.of(old(old));
    }

    private static Refusal unmakeable(Role restorer, List<String> objects) {
        return new Refusal(
                restorer.user() + " may not make again what only a superuser may: " + ArchiveProvider.some(objects),
                "drop it (of default privileges: revoke them) and ask again, or use snapshot.form: clone, which has no such limit");
    }

    private static Refusal regranted(Role restorer, List<String> objects) {
        return new Refusal(
                restorer.user() + " may not give rights in the name of others than the owner, who gave some on "
                        + ArchiveProvider.some(objects),
                "have the owner give them, revoke the others' and ask again, or use snapshot.form: clone, which has no such limit");
    }

    private static Refusal changed(Role restorer, List<String> objects) {
        return new Refusal(
                restorer.user()
                        + " may not bring back rights on what PostgreSQL or a superuser's extension has made, other than it came with: "
                        + ArchiveProvider.some(objects),
                "grant them as they were and revoke what was added, then ask again, or use snapshot.form: clone, which has no such limit");
    }

    private static Refusal leftOut(List<String> objects) {
        return new Refusal(
                "pg_dump leaves out what was put into PostgreSQL's own schemas: " + ArchiveProvider.some(objects),
                "make it in a schema of your own and drop it there, then ask again, or use snapshot.form: clone, which has no such limit");
    }

    private static Refusal added(List<String> objects) {
        return new Refusal(
                "pg_dump leaves out, with its rows, what was added to an extension that does not make it: "
                        + ArchiveProvider.some(objects),
                "take it out with ALTER EXTENSION … DROP …, which leaves it in the database, and ask again, or use snapshot.form: clone,"
                        + " which has no such limit");
    }

    private static Refusal old(List<String> extensions) {
        return new Refusal(
                "an archive does not say which version an extension has: " + ArchiveProvider.some(extensions),
                "ALTER EXTENSION … UPDATE, then ask again, or use snapshot.form: clone, which has no such limit");
    }

    private static List<String> names(PgSession session, String query, Object... parameters) {
        return session.query(query, parameters).stream()
                .map(row -> row.getString("name"))
                .toList();
    }
}
