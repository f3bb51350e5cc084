package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;

/** The large objects of a database, which are in no table of its own: each counts as a row. */
final class LargeObjects {

    /** What they are called among the tables, as in a manifest; a table's name has its schema in it. */
    static final String NAME = "large objects";

    /** The number and a hash of what each holds, the same for any cut into pages: a hole is restored as zeros. */
    private static final String EACH = """
            select m.oid::bigint as k, hashtextextended(row(c.size, c.hash)::text, 0) as h from pg_largeobject_metadata m left join (
                   select loid, max(pageno::bigint * 2048 + length(data)) as size,
                          sum(hashtextextended(format('%s %s', pageno, rtrim(data, '\\x00')), 0)) filter (where rtrim(data, '\\x00') <> '') as hash
                     from pg_largeobject group by loid) c on c.loid = m.oid""";

    private LargeObjects() {}

    static boolean areIn(PgSession session) {
        return !session.query("select from pg_largeobject_metadata limit 1").isEmpty();
    }

    /** Compares them by their numbers, in transactions of the caller's. */
    static Difference difference(PgSession failed, PgSession copy) {
        return areIn(failed) || areIn(copy) ? LossCount.difference(failed, copy, EACH, count(copy)) : Difference.NONE;
    }

    /** How many there are, or are believed to be where counting them takes too long. */
    static long number(PgSession session) {
        try {
            return count(session);
        } catch (DatabaseFailure e) {
            return session.query(
                            "select greatest(reltuples, 0)::bigint from pg_class where oid = 'pg_largeobject_metadata'::regclass")
                    .getFirst()
                    .getLong(0);
        }
    }

    /** How many a snapshot has. */
    static long before(Manifest manifest) {
        return manifest.tables().stream()
                .filter(table -> table.kind().equals(NAME))
                .mapToLong(Manifest.Table::rows)
                .sum();
    }

    private static long count(PgSession session) {
        return session.query("select count(*) from pg_largeobject_metadata")
                .getFirst()
                .getLong(0);
    }
}
