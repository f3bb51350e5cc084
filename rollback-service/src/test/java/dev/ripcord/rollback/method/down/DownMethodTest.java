package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Migrations;
import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import dev.ripcord.rollback.method.Protected;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class DownMethodTest implements MethodConformance {

    private final int major;

    DownMethodTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    private static final Bundle BUNDLE = Place.bundle(
            Tool.scripts,
            Map.of(
                    "001_orders.up.sql", "select 1;",
                    "001_orders.down.sql", "select 1;",
                    "002_price.up.sql", "alter table orders add column extra text;",
                    "002_price.down.sql",
                            "alter table orders drop column extra; alter table " + HOSTILE + " drop column made;"));

    private static final Bundle THREE = Place.bundle(
            Tool.scripts,
            Map.of(
                    "001_a.up.sql", "select 1;",
                    "001_a.down.sql", "select 1;",
                    "002_b.up.sql", "select 2;",
                    "002_b.down.sql", "select 2;",
                    "003_c.up.sql", "select 3;",
                    "003_c.down.sql", "select 3;"));

    @Override
    public Method method() {
        return new DownMethod(snapshot -> Optional.of(BUNDLE));
    }

    @Override
    public EnrolledDatabase configured(EnrolledDatabase database) {
        return new EnrolledDatabase(
                database.id(),
                database.environment(),
                database.server(),
                database.roles(),
                database.snapshot(),
                null,
                null,
                null,
                new Migrations(Tool.scripts, Path.of("migrations"), null, null, null),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** What the table says, what it said at the snapshot, and what is undone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "001;     schema_migrations 001; nothing",
                "001 002; schema_migrations 001; 002",
                "001 002 003; schema_migrations 001; 003 002",
                "001 002; schema_migrations null; 002 001",
                "001 002; flyway_schema_history 7; 002",
                "001 002; ; 002"
            })
    void what_was_applied_since_the_snapshot_is_undone_and_nothing_from_before(
            String applied, @Nullable String recorded, String undone) {
        String rows = Stream.of(applied.split(" "))
                .map(version -> "insert into schema_migrations (version) values ('" + version + "');")
                .collect(Collectors.joining());
        try (Protected shop = Protected.inPlace(
                major, "create table schema_migrations (version text primary key);" + rows, this::configured)) {
            Request request = new Request("r1", shop.name(), null, "s1", null, "the test asks", "test", Way.of("down"));
            Ground.Ask ask = new Ground.Ask(request, new Target("s1", Instant.EPOCH, null), recorded, null, null);
            try (Ground ground =
                    new Ground(shop.vertx, shop.admin, shop.database, shop.identity, new Command("r1", 1), ask)) {
                Draft draft = new DownMethod(snapshot -> Optional.of(THREE)).draft(ground);

                if (undone.equals("nothing")) {
                    assertThat(draft).isInstanceOf(Draft.NotAvailable.class);
                } else {
                    assertThat(draft)
                            .isInstanceOfSatisfying(
                                    Draft.Ready.class,
                                    ready -> assertThat(ready.steps().stream()
                                                    .filter(line -> line.startsWith("undo "))
                                                    .map(line -> line.substring(5, 8)))
                                            .containsExactly(undone.split(" ")));
                }
            }
        }
    }

    @Override
    public Case example() {
        return new Case(
                """
                create table schema_migrations (version varchar(255) primary key, name text not null, status text not null,
                    applied_at timestamptz default now(), error_message text);
                insert into schema_migrations (version, name, status) values ('001', 'orders', 'completed');
                """,
                "alter table orders add column extra text; alter table " + HOSTILE
                        + " add column made int; insert into schema_migrations (version, name, status) values ('002', 'price', 'completed')",
                Way.of("down"),
                "orders",
                "select (select count(*) from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and not attisdropped)"
                        + " || (select string_agg(version, ',' order by version) from public.schema_migrations where status = 'completed')");
    }
}
