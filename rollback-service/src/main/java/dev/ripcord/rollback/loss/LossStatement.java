package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.loss.WrittenRows.Count;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What going back would lose, before it is done: each table of the live database against a copy of the snapshot, the small
 * ones first and the large objects last, for so long as there is time; those that are left are estimated. The live database serves meanwhile: nothing
 * but ACCESS SHARE is locked, one table at a time, and given up as soon as somebody waits for it.
 */
public final class LossStatement implements AutoCloseable {

    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(10);
    private static final Duration LEAST = Duration.ofMillis(20);
    private static final int ESTIMATE_MILLIS = 300;
    /** How long rows are still counted when there is no more time to compare them. */
    private static final Duration COUNTING = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final EnrolledDatabase database;
    private final String copyName;
    private final @Nullable Manifest manifest;
    private final @Nullable String horizon;
    private final long until;
    private PgSession live;
    private PgSession copy;
    private Yielding yielding;
    private int compared;
    private int estimated;

    private LossStatement(
            Vertx vertx,
            EnrolledDatabase database,
            String copyName,
            @Nullable Manifest manifest,
            @Nullable String horizon,
            Duration budget) {
        this.vertx = vertx;
        this.database = database;
        this.copyName = copyName;
        this.manifest = manifest;
        this.horizon = horizon;
        this.until = System.nanoTime() + budget.toNanos();
        this.live = session(database.server().database(), budget);
        try {
            this.copy = session(copyName, budget);
        } catch (DatabaseFailure e) {
            live.close();
            throw e;
        }
        try {
            this.yielding = Yielding.over(vertx, database, live);
        } catch (DatabaseFailure e) {
            live.close();
            copy.close();
            throw e;
        }
    }

    /** What was found out, and what it rests on. */
    public record Counted(List<TableLoss> tables, String basis) {
        public Counted {
            tables = List.copyOf(tables);
        }
    }

    /**
     * Compares.
     *
     * @param copyName a database that the rollback role may read and nobody writes to
     * @param manifest of the copy, null where there is none
     * @param horizon as {@code AdminSession.horizon} says it, null where every row must be compared
     * @param budget how long it may take, about
     */
    public static Counted count(
            Vertx vertx,
            EnrolledDatabase database,
            String copyName,
            @Nullable Manifest manifest,
            @Nullable String horizon,
            Duration budget) {
        try (LossStatement statement = new LossStatement(vertx, database, copyName, manifest, horizon, budget)) {
            return statement.count();
        }
    }

    private Counted count() {
        Map<String, Table> there = Table.in(live);
        Map<String, Table> here = Table.in(copy);
        Map<String, Long> before = manifest == null ? Map.of() : QuickLoss.before(manifest);
        Tally tally = new Tally();
        List<Table> smallFirst = new ArrayList<>(there.values());
        smallFirst.sort(Comparator.comparingLong(Table::bytes));
        for (Table table : smallFirst) {
            Table other = here.remove(table.name());
            Long rows = before.get(table.name());
            tally.add(table.root(), difference(table, other, rows));
        }
        for (Table gone : here.values()) {
            Long rows = before.get(gone.name());
            tally.add(gone.root(), new Difference(0, 0, rows == null ? gone.about() : rows, rows != null));
        }
        boolean exact = largeObjects(tally);
        return new Counted(tally.loss(), basis() + (exact ? "" : "; large objects were only counted, not compared"));
    }

    /** Whether there was time to compare them. */
    private boolean largeObjects(Tally tally) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left > LEAST.toMillis()) {
            try {
                limit(left);
                LossCount.begin(live);
                LossCount.begin(copy);
                Difference difference = LargeObjects.difference(live, copy);
                live.execute("commit");
                copy.execute("commit");
                tally.add(LargeObjects.NAME, difference);
                return true;
            } catch (DatabaseFailure e) {
                startAnew();
            }
        }
        limit(ESTIMATE_MILLIS);
        if (!LargeObjects.areIn(live) && !LargeObjects.areIn(copy)) return true;
        long before = manifest == null ? LargeObjects.number(copy) : LargeObjects.before(manifest);
        tally.add(LargeObjects.NAME, Difference.estimated(before, LargeObjects.number(live), 0));
        return false;
    }

    private String basis() {
        if (estimated == 0) return "every table was compared row by row";
        return compared + " of " + (compared + estimated)
                + " tables were compared row by row, the others are estimated: there was no more time, or somebody waited for a lock";
    }

    private Difference difference(Table there, @Nullable Table here, @Nullable Long rows) {
        long left = (until - System.nanoTime()) / 1_000_000;
        Count written = null;
        if (left > LEAST.toMillis()) {
            try {
                limit(left);
                LossCount.begin(live);
                LossCount.begin(copy);
                // under another object id it is another table that has got this name since: its rows may be older than
                // that
                boolean same = here != null && here.oid() == there.oid();
                WrittenRows changes = horizon == null || !same ? null : new WrittenRows(live, copy, horizon);
                if (changes != null) written = changes.count(there);
                Difference exact = exact(there, here, rows, changes, written);
                live.execute("commit");
                copy.execute("commit");
                compared++;
                return exact;
            } catch (DatabaseFailure e) {
                startAnew();
            }
        }
        estimated++;
        long before = rows != null ? rows : here == null ? 0 : here.about();
        if (written != null) return Difference.estimated(before, written.rows(), written.written());
        if (System.nanoTime() - until > COUNTING.toNanos()) {
            // where the server has no idea either, as many as before
            return Difference.estimated(before, there.about() > 0 ? there.about() : before, 0);
        }
        limit(ESTIMATE_MILLIS);
        return Difference.estimated(before, QuickLoss.rows(live, there), 0);
    }

    private Difference exact(
            Table there,
            @Nullable Table here,
            @Nullable Long rows,
            @Nullable WrittenRows changes,
            @Nullable Count written) {
        if (here == null) return new Difference(LossCount.rows(live, there), 0, 0, true);
        if (changes != null && written != null) {
            long before = rows != null ? rows : LossCount.rows(copy, here);
            Optional<Difference> quickly = changes.difference(there, here, written, before);
            if (quickly.isPresent()) return quickly.get();
        }
        limit(Math.max(1, (until - System.nanoTime()) / 1_000_000));
        return LossCount.difference(live, there, copy, here);
    }

    private void limit(long millis) {
        String limits = "set lock_timeout = '100ms'; set statement_timeout = " + millis;
        live.execute(limits);
        copy.execute(limits);
    }

    /** A statement that failed leaves a transaction behind, or the session is gone. */
    private void startAnew() {
        close();
        live = session(database.server().database(), AFTER_A_FAILURE);
        copy = session(copyName, AFTER_A_FAILURE);
        yielding = Yielding.over(vertx, database, live);
    }

    private PgSession session(String name, Duration limit) {
        return PgSession.open(vertx, database.server(), database.roles().rollback(), name, limit);
    }

    @Override
    public void close() {
        yielding.close();
        live.close();
        copy.close();
    }
}
