package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a column get their former type back.
 *
 * @param using the expression
 * @param lossless the query for the number of values that would not survive, null where the server itself would refuse
 */
record Conversion(String using, @Nullable String lossless) {

    /** What a type is made of: the types below domains, arrays and ranges, and those of the fields of a row. */
    private static final String ZONED = """
            with recursive made(oid) as (
                select split_part($1, ':', 2)::oid
                union
                select part from made join pg_type t on t.oid = made.oid cross join lateral (
                       select t.typbasetype union all select t.typelem
                       union all select rngsubtype from pg_range where t.oid in (rngtypid, rngmultitypid)
                       union all select atttypid from pg_attribute where attrelid = t.typrelid and attnum > 0 and not attisdropped) p(part)
                 where part <> 0)
            select exists (select from made where oid in ('timestamptz'::regtype, 'timetz'::regtype))""";

    /** Whether values of this column mean something else in another time zone as soon as they have another type. */
    static boolean zoned(PgSession session, Column column) {
        return session.query(ZONED, column.typeAddr()).getFirst().getBoolean(0);
    }

    /** Between two types that there are now. */
    static Conversion between(PgSession live, Column now, Column before) {
        String c = now.name();
        boolean cast = works(live, "select null::" + now.type() + "::" + before.type());
        String using = cast ? c + "::" + before.type() : c + "::text::" + before.type();
        boolean back = works(live, "select null::" + before.type() + "::" + now.type());
        String again = "(" + using + ")" + (back ? "" : "::text") + "::" + now.type();
        boolean equal = works(live, "select null::" + now.type() + " is distinct from null::" + now.type());
        String text = equal ? "" : "::text";
        return new Conversion(
                using,
                "select count(*) from " + now.table() + " where (" + again + ")" + text + " is distinct from " + c
                        + text);
    }

    /** To a type that is made anew: by the text of the values; {@code labels} of an enum as a list of literals. */
    static Conversion toNew(Column now, Column before, @Nullable String labels) {
        String using = now.name() + "::text::" + before.type();
        if (labels == null) return new Conversion(using, null);
        String unknown = now.type().endsWith("[]")
                ? "exists (select from unnest(" + now.name() + ") e where e::text not in (" + labels + "))"
                : now.name() + "::text not in (" + labels + ")";
        return new Conversion(using, "select count(*) from " + now.table() + " where " + unknown);
    }

    private static boolean works(PgSession session, String query) {
        try {
            session.query(query);
            return true;
        } catch (DatabaseFailure e) {
            return false;
        }
    }
}
