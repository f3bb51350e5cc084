package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.Fault;
import dev.ripcord.rollback.method.schema.SchemaDifference.Derived;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes the way back in one transaction: all of it, or nothing. */
public final class SchemaChange {

    private static final int NAMED = 20;

    /** What became of it. */
    public sealed interface Outcome {}

    /** The structure is that of the copy again; the transaction is committed. */
    public record Applied(long millis) implements Outcome {}

    /**
     * Nothing was changed.
     *
     * @param statement the one that failed
     */
    public record Failed(String reason, String statement) implements Outcome {}

    private final PgSession live;
    private final PgSession copy;
    private String current = "begin";

    private SchemaChange(PgSession live, PgSession copy) {
        this.live = live;
        this.copy = copy;
    }

    /**
     * Applies the changes to the live database, or to a copy of it for a rehearsal. A statement lasts no longer than the
     * session's own limit.
     *
     * @param copy the database that the changes were derived from, unchanged since
     * @param lockTimeout how long to wait for a lock that another session holds
     * @throws DatabaseFailure if it passes; at the commit, nobody knows whether that happened
     */
    public static Outcome apply(PgSession live, PgSession copy, Derived derived, Duration lockTimeout) {
        return apply(live, copy, derived, lockTimeout, Bracket.PLAIN);
    }

    /** As above, framed by more. */
    public static Outcome apply(
            PgSession live, PgSession copy, Derived derived, Duration lockTimeout, Bracket bracket) {
        return new SchemaChange(live, copy).apply(derived, lockTimeout, bracket);
    }

    private Outcome apply(Derived derived, Duration lockTimeout, Bracket bracket) {
        long start = System.nanoTime();
        try {
            run("begin");
            bracket.first().accept(live);
            settings(derived, lockTimeout);
            String reason = run(derived);
            if (reason == null) reason = remaining();
            if (reason != null) {
                live.execute("rollback");
                return new Failed(reason, current);
            }
            current = "commit";
            bracket.last().accept(live);
            return new Applied((System.nanoTime() - start) / 1_000_000);
        } catch (DatabaseFailure e) {
            return failed(e);
        }
    }

    private Failed failed(DatabaseFailure e) {
        String statement = current;
        try {
            live.execute("rollback");
        } catch (DatabaseFailure gone) {
            // the server ends a transaction whose session is gone
        }
        if (new Fault(e).thrownOn()) throw e;
        String reason = "55P03".equals(e.sqlState())
                ? "another session holds a lock that was not free in time"
                : new Fault(e).says();
        return new Failed(reason, statement);
    }

    private void settings(Derived derived, Duration lockTimeout) {
        run("set local lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
        run("set local check_function_bodies = off");
        run("set constraints all immediate");
        boolean events =
                new Rows(live).number("select count(*) from pg_event_trigger where evtenabled in ('O', 'A')") > 0;
        if (events
                && live.query("select has_parameter_privilege('session_replication_role', 'set')")
                        .getFirst()
                        .getBoolean(0)) {
            run("set local session_replication_role = replica");
        }
        if (!derived.locks().isEmpty()) {
            run("lock table only " + String.join(", only ", derived.locks()) + " in access exclusive mode");
        }
    }

    private @Nullable String run(Derived derived) {
        List<Change> changes = derived.changes();
        int next = 0;
        while (next < changes.size() && changes.get(next) instanceof Change.Rename rename) {
            run(rename.sql());
            next++;
        }
        current = "the sequences";
        Numbers numbers = Numbers.held(live, derived);
        for (Change change : changes) {
            if (!(change instanceof Change.Statement statement) || statement.lossless() == null) continue;
            current = statement.lossless();
            long lost = new Rows(live).number(current);
            if (lost > 0) return "%,d values of %s would not survive".formatted(lost, statement.object());
        }
        for (Change change : changes.subList(next, changes.size())) run(change);
        current = "the sequences";
        numbers.goOn();
        return null;
    }

    private void run(Change change) {
        Transfer transfer = new Transfer(live, copy);
        switch (change) {
            case Change.Rename rename -> run(rename.sql());
            case Change.Statement statement -> run(statement.sql());
            case Change.Values values -> {
                current = values.says();
                transfer.values(values);
            }
            case Change.Rows rows -> {
                current = rows.says();
                transfer.rows(rows);
            }
        }
    }

    private void run(String sql) {
        current = sql;
        live.execute(sql);
    }

    private @Nullable String remaining() {
        current = "comparison with the copy before the commit";
        TreeSet<String> names = new TreeSet<>(SchemaDifference.names(SchemaDifference.differing(live, copy)));
        if (names.isEmpty()) return null;
        String some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return "these objects still differ: " + some
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "");
    }
}
