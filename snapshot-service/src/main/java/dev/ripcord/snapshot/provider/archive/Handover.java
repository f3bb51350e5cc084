package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.PgSession;
import java.util.List;

/**
 * Whom an object is handed to needs {@code CREATE} on its schema, a publication's owner on the database, and what an index or a check calls
 * may need {@code USAGE}. An archive says last who has which right, and who made an object may have had it then and not now. So everybody
 * has them on the archive's schemas while the objects are made, in a database into which only its owner may come.
 *
 * @param lent what everybody has for now and had not before, without {@code GRANT} and {@code REVOKE}
 */
record Handover(List<String> lent) {

    /** What comes with an extension has the rights that its script gives it. */
    private static final String OF_SCHEMAS = """
            select format('%s on schema %I', string_agg(right_, ', '), nspname) as lent
              from pg_namespace n, unnest(array['create', 'usage']) right_
             where nspname !~ '^pg_' and nspname <> 'information_schema' and pg_has_role(nspowner, 'MEMBER')
               and not exists (select from aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a where a.grantee = 0 and a.privilege_type = upper(right_))
               and not exists (select from pg_depend where classid = n.tableoid and objid = n.oid and deptype = 'e')
             group by nspname
            union all
            select format('create on database %I', current_database())""";

    /** An index is built in the name of its table's owner, who may read there what a function of his reads. */
    private static final String OF_ROWS = """
            select 'select on ' || string_agg(format('%I.%I', nspname, relname), ', ') as lent
              from pg_class c join pg_namespace n on n.oid = relnamespace
             where nspname !~ '^pg_' and nspname <> 'information_schema' and relkind in ('r', 'p', 'v', 'm', 'f') and pg_has_role(relowner, 'MEMBER')
               and not exists (select from aclexplode(relacl) a where a.grantee = 0 and a.privilege_type = 'SELECT')
               and not exists (select from pg_depend d where d.classid = c.tableoid and d.objid = c.oid and d.deptype = 'e')
             group by nspname""";

    /** When there are the schemas and nothing is in them. */
    static Handover ofSchemas(PgSession session) {
        return begin(session, OF_SCHEMAS);
    }

    /** When there are the tables and their rows, and nothing that is made of these. */
    static Handover ofRows(PgSession session) {
        return begin(session, OF_ROWS);
    }

    private static Handover begin(PgSession session, String lacking) {
        List<String> lent = session.query(lacking).stream()
                .map(row -> row.getString("lent"))
                .toList();
        lent.forEach(right -> session.execute("grant " + right + " to public"));
        return new Handover(lent);
    }

    /** When all objects have their owners, and before the rights that the archive says are given. */
    void end(PgSession session) {
        lent.forEach(right -> session.execute("revoke " + right + " from public"));
    }
}
