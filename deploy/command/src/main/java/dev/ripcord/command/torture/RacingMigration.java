package dev.ripcord.command.torture;

import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.events.SnapshotEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A migration that does not wait begins shortly before or after its snapshot is asked for. The snapshot may fail; one that is
 * called good holds what the database held before the migration or after it, and nothing in between.
 */
final class RacingMigration implements Trial {

    /** Each is one transaction: rewrites, which readers with an older snapshot find empty, among them. */
    private static final List<String> MIGRATIONS = List.of(
            "truncate order_lines; insert into order_lines select id, 1, 1, 1, 1 from orders",
            "truncate payments",
            "alter table customers alter name type varchar(300) using name || '!'",
            "alter table products drop column tags; alter table products add tags jsonb not null default '{}'",
            "create table orders_2 as select * from orders; drop table orders cascade; alter table orders_2 rename to orders",
            "update products set price = price + 1; update order_lines set price = price + 1",
            "delete from payments; update orders set status = 'new', note = 'unpaid'",
            "alter table stock_movements add column why text not null default 'unknown'; update stock_movements set why = 'moved'",
            "alter table payments detach partition payments_2026; drop table payments_2026",
            "create table parts (id int primary key); insert into parts select generate_series(1, 1000); create index on parts ((id % 7))",
            "drop policy own_warehouse on stock; alter table stock add column shelf int; update stock set shelf = quantity % 9");

    private final Ground.Kind kind;
    private @Nullable Quiet raced;

    RacingMigration(Ground.Kind kind) {
        this.kind = kind;
    }

    @Override
    public String name() {
        return "racing-migration-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Ground.Kind ground() {
        return kind;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 2 : 100;
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        raced = new Quiet(ground, SampleStack.shop(ground.stack(), "raced").create(new Size(2)));
        ground.add(raced.shop());
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (raced == null) throw new IllegalStateException("not prepared");
        Shop shop = raced.shop();
        String change = MIGRATIONS.get(run.oneOf(MIGRATIONS.size()));
        long delayMillis = run.random().nextInt(-400, 400);
        String migration = Quiet.unique("migration");
        Content before = Content.of(ground, raced.id());
        Thread racer = Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.max(0, delayMillis)));
            migrate(shop, change);
        });
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.max(0, -delayMillis)));
        Gate.Outcome outcome = raced.gate(migration);
        racer.join();
        List<String> violations = new ArrayList<>();
        if (outcome instanceof Gate.Outcome.Open open) {
            ground.ended(raced.id(), migration);
            Content after = Content.of(ground, raced.id());
            ground.events()
                    .await(SnapshotEvent.Proven.class, each -> each.snapshot().equals(open.snapshot()), Ground.LIMIT)
                    .ifPresent(proven -> violations.addAll(neither(ground, proven, before, after)));
        }
        restored(raced);
        return violations.stream()
                .map(line -> change + ", begun after " + delayMillis + " ms: " + line)
                .toList();
    }

    private List<String> neither(Ground ground, SnapshotEvent.Proven proven, Content before, Content after) {
        try {
            Content taken = Content.ofClosed(ground, proven.shadow().name());
            List<String> toBefore = rows(before.differences(taken));
            List<String> toAfter = rows(after.differences(taken));
            if (toBefore.isEmpty() || toAfter.isEmpty()) return List.of();
            return List.of("proven, and like neither: " + toBefore + " and " + toAfter);
        } catch (SQLException | java.io.IOException e) {
            throw new IllegalStateException("the shadow cannot be looked into: " + e.getMessage(), e);
        }
    }

    /** A restored archive has materialized views refreshed, which a live database may not have. */
    private List<String> rows(List<String> differences) {
        return differences.stream()
                .filter(each -> each.startsWith("rows of")
                        || (kind == Ground.Kind.CLONE && each.startsWith("materialized rows of")))
                .toList();
    }

    /** Its sessions may be ended for the copy: then it did not happen, which is as good. */
    private static void migrate(Shop shop, String change) {
        for (int tries = 0; tries < 3; tries++) {
            try (Connection connection = shop.asOwner();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute(change);
                connection.commit();
                return;
            } catch (SQLException e) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** As it was at first, in the same database: its object id is what it is enrolled by. */
    private static void restored(Quiet raced) throws SQLException {
        raced.shop().dropCopies();
        try (Connection connection = raced.shop().asOwner();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema public cascade; create schema public");
        }
        raced.shop().fill(new Size(2));
    }
}
