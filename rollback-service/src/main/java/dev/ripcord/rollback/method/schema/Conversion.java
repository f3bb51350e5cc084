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

    private static final String BELOW = """
            with recursive down(oid, typmod, depth) as (
                select split_part($1, ':', 2)::oid, -1, 0
                union all
                select t.typbasetype, t.typtypmod, depth + 1 from down join pg_type t on t.oid = down.oid where t.typtype = 'd')
            select max(case when depth > 0 then format_type(oid, typmod) end) from down where depth = (select max(depth) from down)""";

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
    static Conversion toNew(PgSession live, PgSession copy, Column now, Column before, @Nullable String labels) {
        String using = now.name() + "::text::" + before.type();
        if (labels == null) return new Conversion(using, cut(live, copy, now, before));
        String unknown = now.type().endsWith("[]")
                ? "exists (select from unnest(" + now.name() + ") e where e::text not in (" + labels + "))"
                : now.name() + "::text not in (" + labels + ")";
        return new Conversion(using, "select count(*) from " + now.table() + " where " + unknown);
    }

    /** Of a domain the type below it tells what a cast would cut off; of others nothing is, for the server refuses. */
    private static @Nullable String cut(PgSession live, PgSession copy, Column now, Column before) {
        String below = below(copy, before);
        if (below == null) return null;
        String its = below(live, now);
        String is = its == null ? now.type() : its;
        boolean equal = works(live, "select null::" + is + " is distinct from null::" + is);
        String text = equal ? "" : "::text";
        // 5.00 is no integer as a text
        String back = works(live, "select null::" + below + "::" + is) ? "" : "::text";
        return "select count(*) from " + now.table() + " where (" + now.name() + "::text::" + below + back + "::" + is
                + ")" + text + " is distinct from (" + now.name() + "::" + is + ")" + text;
    }

    /** The type that a domain is made of at last, or an array of it; null where it is none. */
    private static @Nullable String below(PgSession session, Column column) {
        String type = session.query(BELOW, column.typeAddr()).getFirst().getString(0);
        return type == null || !column.type().endsWith("[]") ? type : type + "[]";
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
