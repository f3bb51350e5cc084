package dev.ripcord.rollback.swap;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
            select format('%I.%I', n.nspname, c.relname) as name,
                   case when has_sequence_privilege(c.oid, 'SELECT, USAGE') then pg_sequence_last_value(c.oid) end as last_value
              from unnest($1::text[]) as g(name)
              join (pg_class c join pg_namespace n on n.oid = c.relnamespace) on format('%I.%I', n.nspname, c.relname) = g.name and c.relkind = 'S'""";

    /** Chosen by name before one of them is read: the server would read them all and then choose. */
    private static final String UNUSED = """
            select format('select %L::text as name, last_value as first, %L::boolean as upwards from %s', v.name, v.upwards, v.name) as query
              from (select c.oid, g.name, s.seqincrement > 0 as upwards
                      from unnest($1::text[]) as g(name)
                      join (pg_class c join pg_namespace n on n.oid = c.relnamespace) on format('%I.%I', n.nspname, c.relname) = g.name and c.relkind = 'S'
                      join pg_sequence s on s.seqrelid = c.oid
                    offset 0) v
             where case when has_sequence_privilege(v.oid, 'SELECT') then pg_sequence_last_value(v.oid) is null else false end""";

    /**
     * A statement keeps a lock of each sequence that it reads or sets, and the server has not many. The view pg_sequences
     * reads all of them, whichever are asked for.
     */
    private static final int AT_ONCE = 1_000;

    /** Each of them is a query of its own in a union. */
    private static final int ASKED_AT_ONCE = 100;

    private static final String SET = """
            select count(setval(s.seqrelid::regclass, least(greatest(g.value, s.seqmin), s.seqmax)))
              from unnest($1::text[], $2::bigint[]) as g(name, value)
              join (pg_class c join pg_namespace n on n.oid = c.relnamespace) on format('%I.%I', n.nspname, c.relname) = g.name and c.relkind = 'S'
              join pg_sequence s on s.seqrelid = c.oid
             cross join lateral (select pg_sequence_last_value(c.oid) as last where g.name is not null offset 0) v
             where v.last is null or case when s.seqincrement > 0 then g.value > v.last else g.value < v.last end""";

    private static final String OUT_OF_REACH = """
            select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and n.nspname !~ '^pg_' and not (""" + SETTABLE + ") order by 1";

    private static final int NAMED = 10;

    private final PgSession live;
    private final PgSession copy;
    private final String[] names;
    private final List<String> moved = new ArrayList<>();
    private final Map<String, Position> positions = new HashMap<>();
    private Duration taken = Duration.ZERO;

    /** What one that nobody has used yet gives first. */
    private record Position(long first, boolean upwards) {

        /** Whether one that has come to this number is behind it. */
        boolean passed(long number) {
            return upwards ? number < first : number > first;
        }
    }

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
        sequences.look();
        long began = System.nanoTime();
        sequences.carryOver();
        sequences.taken = Duration.ofNanos(System.nanoTime() - began);
        return sequences;
    }

    /** How long it takes to carry them all over, as it was found when everything was still open. */
    Duration taken() {
        return taken;
    }

    /** Those of a database that comes back, or has come back, which a swap cannot set; empty where it can set all. */
    public static Optional<String> outOfReach(PgSession database) {
        List<String> names = database.query(OUT_OF_REACH).stream()
                .map(row -> row.getString("name"))
                .toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(listed(names));
    }

    private static List<String> without(String[] names, int from, int to, List<Row> there) {
        Set<String> found = there.stream().map(row -> row.getString("name")).collect(Collectors.toSet());
        return Arrays.stream(names, from, to)
                .filter(name -> !found.contains(name))
                .toList();
    }

    /** What is to be said of those that {@link #moved}; empty where there are none. */
    static List<String> mayRepeat(List<String> moved) {
        return moved.isEmpty()
                ? List.of()
                : List.of(
                        "numbers since the snapshot may be given out again by sequences that the failed database had not under"
                                + " these names: " + listed(moved));
    }

    private static String listed(List<String> names) {
        String rest = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + rest;
    }

    /** What is to be said of them. */
    public static String mayRepeat(String names) {
        return "numbers since the snapshot may be given out again by sequences that Ripcord has no right to set: "
                + names;
    }

    /** Those of the copy that the live database has not under their names: a migration has moved, renamed or dropped them. */
    List<String> moved() {
        return moved;
    }

    /** Does it for the last time and leaves both databases; how many were set. */
    int finish() {
        int carried = carryOver();
        live.close();
        copy.close();
        return carried;
    }

    private boolean behind(Row there) {
        Position position = positions.get(there.getString("name"));
        return position != null && position.passed(there.getLong("last_value"));
    }

    /** Where those stand in the copy that were set and not used: a catalogue does not say that, only they themselves. */
    private void look() {
        for (int from = 0; from < names.length; from += ASKED_AT_ONCE) {
            List<Row> unused = copy.query(
                    UNUSED, (Object) Arrays.copyOfRange(names, from, Math.min(names.length, from + ASKED_AT_ONCE)));
            if (unused.isEmpty()) continue;
            String each = unused.stream().map(row -> row.getString("query")).collect(Collectors.joining(" union all "));
            copy.query(each)
                    .forEach(row -> positions.put(
                            row.getString("name"), new Position(row.getLong("first"), row.getBoolean("upwards"))));
        }
    }

    /** Sets each sequence of the copy that is behind the live one; how many. */
    private int carryOver() {
        int carried = 0;
        moved.clear();
        for (int from = 0; from < names.length; from += AT_ONCE) {
            int to = Math.min(names.length, from + AT_ONCE);
            Object some = Arrays.copyOfRange(names, from, to);
            List<Row> there = live.query(LAST_VALUES, some);
            if (there.size() < to - from) moved.addAll(without(names, from, to, there));
            List<Row> given = there.stream()
                    .filter(row -> row.getLong("last_value") != null && !behind(row))
                    .toList();
            String[] which = given.stream().map(row -> row.getString("name")).toArray(String[]::new);
            Long[] values = given.stream().map(row -> row.getLong("last_value")).toArray(Long[]::new);
            carried += copy.query(SET, which, values).getFirst().getLong(0).intValue();
        }
        return carried;
    }
}
