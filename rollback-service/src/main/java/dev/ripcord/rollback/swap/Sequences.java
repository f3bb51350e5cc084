package dev.ripcord.rollback.swap;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Numbers that were given out since the snapshot are not given out again after it comes back. A sequence that a role has made
 * which enrolment did not know may be out of reach: it stays where the copy has it, and that is told.
 */
public final class Sequences {

    /** The server is free to ask for the right before it knows whether this is a sequence. */
    private static final String SETTABLE = """
            case when c.relkind = 'S' then has_sequence_privilege(c.oid, 'UPDATE') and has_sequence_privilege(c.oid, 'SELECT')
                                           and has_schema_privilege(n.oid, 'USAGE') end""";

    private static final String NAMES = """
            select array_agg(format('%I.%I', n.nspname, c.relname))::text[] as names from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and n.nspname !~ '^pg_' and (""" + SETTABLE + ")";

    private static final String LAST_VALUES = """
            select format('%I.%I', schemaname, sequencename) as name, last_value from pg_sequences
             where last_value is not null and format('%I.%I', schemaname, sequencename) = any($1)""";

    /** A statement keeps a lock of each sequence that it reads or sets, and the server has not many. */
    private static final int AT_ONCE = 1_000;

    private static final String SET = """
            select count(setval(format('%I.%I', s.schemaname, s.sequencename)::regclass, least(greatest(g.value, s.min_value), s.max_value)))
              from unnest($1::text[], $2::bigint[]) as g(name, value) join pg_sequences s on format('%I.%I', s.schemaname, s.sequencename) = g.name
             where s.last_value is null or case when s.increment_by > 0 then g.value > s.last_value else g.value < s.last_value end""";

    private static final String OUT_OF_REACH = """
            select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and n.nspname !~ '^pg_' and not (""" + SETTABLE + ") order by 1";

    private static final int NAMED = 10;

    private final PgSession live;
    private final PgSession copy;
    private final String[] names;

    private Sequences(PgSession live, PgSession copy) {
        this.live = live;
        this.copy = copy;
        String[] found = copy.query(NAMES).getFirst().getArrayOfStrings("names");
        this.names = found == null ? new String[0] : found;
    }

    /**
     * Gets ready to carry them over while both databases are closed: what they have come to is carried over already, so that
     * both servers' processes know their way by then.
     */
    static Sequences between(PgSession live, PgSession copy) {
        live.prepare(LAST_VALUES);
        copy.prepare(SET);
        Sequences sequences = new Sequences(live, copy);
        sequences.carryOver();
        return sequences;
    }

    /** Those of a database that comes back, or has come back, which a swap cannot set; empty where it can set all. */
    public static Optional<String> outOfReach(PgSession database) {
        List<String> names = database.query(OUT_OF_REACH).stream()
                .map(row -> row.getString("name"))
                .toList();
        if (names.isEmpty()) return Optional.empty();
        String rest = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return Optional.of(String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + rest);
    }

    /** What is to be said of them. */
    public static String mayRepeat(String names) {
        return "numbers since the snapshot may be given out again by sequences that Ripcord has no right to set: "
                + names;
    }

    /** Does it for the last time and leaves both databases; how many were set. */
    int finish() {
        int carried = carryOver();
        live.close();
        copy.close();
        return carried;
    }

    /** Sets each sequence of the copy that is behind the live one; how many. */
    private int carryOver() {
        int carried = 0;
        for (int from = 0; from < names.length; from += AT_ONCE) {
            Object some = Arrays.copyOfRange(names, from, Math.min(names.length, from + AT_ONCE));
            List<Row> given = live.query(LAST_VALUES, some);
            String[] which = given.stream().map(row -> row.getString("name")).toArray(String[]::new);
            Long[] values = given.stream().map(row -> row.getLong("last_value")).toArray(Long[]::new);
            carried += copy.query(SET, which, values).getFirst().getLong(0).intValue();
        }
        return carried;
    }
}
