package dev.ripcord.rollback.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Plan.Obstacle;
import dev.ripcord.events.Plan.Vanishing;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.decision.Change;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.method.Protected;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

class InspectionTest {

    /** Roles outlive the database that a test made them for. */
    private static final AtomicInteger RUNS = new AtomicInteger();

    private static final String SHOP = """
            create table customers (id bigint primary key, name text not null, note char(4));
            insert into customers select n, 'customer ' || n, 'a' from generate_series(1, 3000) n;
            create table lines (a int, b text, n numeric, primary key (a, b));
            insert into lines select n, 'строка ''' || n, n from generate_series(1, 500) n;
            create table log (said text);
            insert into log select 'same' from generate_series(1, 10);
            create table parts (id int, day date, primary key (id, day)) partition by range (day);
            create table parts_a partition of parts for values from ('2026-01-01') to ('2026-02-01');
            create table parts_b partition of parts for values from ('2026-02-01') to ('2026-03-01');
            insert into parts select n, '2026-01-10' from generate_series(1, 10) n;
            create table dropped (id int primary key);
            insert into dropped select generate_series(1, 7);
            create table quiet (id int primary key);
            insert into quiet select generate_series(1, 100);
            """;

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void every_row_written_since_is_counted_once_in_its_table(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("""
                    update customers set name = upper(name) where id <= 25;
                    update customers set name = name where id between 100 and 200;
                    delete from customers where id > 2990;
                    insert into customers values (5000, 'new', null), (5001, 'new', null);
                    update lines set b = b || '!' where a = 1;
                    update lines set n = n + 1 where a = 2;
                    insert into log values ('same'), ('other');
                    insert into parts values (11, '2026-01-11'), (11, '2026-02-11');
                    drop table dropped;
                    create table made (id int);
                    insert into made select generate_series(1, 3);
                    """);
            Findings findings = thoroughly(shop);
            assertThat(findings.losses().tables())
                    .containsExactlyInAnyOrder(
                            new TableLoss("public.customers", 2, 25, 10, true),
                            new TableLoss("public.lines", 1, 1, 1, true),
                            new TableLoss("public.log", 2, 0, 0, true),
                            new TableLoss("public.parts", 2, 0, 0, true),
                            new TableLoss("public.dropped", 0, 0, 7, true),
                            new TableLoss("public.made", 3, 0, 0, true));
            assertThat(findings.losses().basis()).isEqualTo("every table was compared row by row");
            assertThat(findings.losses().returning())
                    .contains("10 rows of public.customers, deleted since, are there again");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void rows_that_a_rewrite_of_the_table_wrote_anew_are_not_lost(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("vacuum full quiet");
            shop.execute("alter table lines add column made timestamptz default clock_timestamp()");
            shop.execute("update lines set n = -1 where a = 7");
            assertThat(thoroughly(shop).losses().tables())
                    .containsExactly(new TableLoss("public.lines", 0, 1, 0, true));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void tables_that_have_exchanged_their_names_are_compared_whole(int major) {
        try (Protected shop = Protected.of(
                major,
                SHOP
                        + "create table prices (id int primary key, price int); insert into prices select n, n from generate_series(1, 50) n;"
                        + " create table prices_next (id int primary key, price int); insert into prices_next select n, n * 2 from generate_series(11, 60) n;")) {
            shop.execute("alter table prices rename to prices_old; alter table prices_next rename to prices;"
                    + " alter table prices_old rename to prices_next");
            assertThat(thoroughly(shop).losses().tables())
                    .containsExactlyInAnyOrder(
                            new TableLoss("public.prices", 10, 40, 10, true),
                            new TableLoss("public.prices_next", 10, 40, 10, true));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void what_was_made_since_vanishes_with_its_rows_and_values(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("""
                    create table made (id int, note text);
                    insert into made select generate_series(1, 4);
                    alter table customers add column "Bo nus" int;
                    update customers set "Bo nus" = 5 where id < 4;
                    create view rich as select * from customers where "Bo nus" > 4;
                    create index on customers (name);
                    """);
            assertThat(thoroughly(shop).losses().vanishing())
                    .containsExactlyInAnyOrder(
                            new Vanishing("table", "public.made", 4L),
                            new Vanishing("column", "public.customers.\"Bo nus\"", 3L),
                            new Vanishing("view", "public.rich", null));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void what_a_restore_resurrects_is_said(int major) {
        String run = major + "_" + RUNS.incrementAndGet();
        try (Protected shop = Protected.of(major, SHOP + """
                create role reader_%1$s; create role team_%1$s; create role lead_%1$s;
                grant select on customers, quiet to reader_%1$s;
                create policy own on customers using (id > 0);
                alter table customers enable row level security;
                create function f() returns trigger language plpgsql as 'begin return new; end';
                create trigger watch before insert on lines for each row execute function f();
                create function e() returns event_trigger language plpgsql as 'begin end';
                create event trigger guard on ddl_command_end execute function e();
                create schema cron; create table cron.job (jobid int primary key, schedule text, command text, username text, active boolean);
                insert into cron.job values (1, '* * * * *', 'call tidy()', 'postgres', true);
                """.formatted(run))) {
            // each on its own: what analyses the tables waits for a transaction that has changed one and wants its lock
            Stream.of(
                            "revoke select on customers from reader_" + run,
                            "grant insert on quiet to team_" + run,
                            "grant reader_" + run + " to lead_" + run,
                            "alter policy own on customers using (true)",
                            "alter table customers disable row level security",
                            "alter table lines disable trigger watch",
                            "alter event trigger guard disable",
                            "update cron.job set active = false")
                    .forEach(shop::execute);
            assertThat(thoroughly(shop).losses().returning())
                    .containsExactlyInAnyOrder(
                            "SELECT on public.customers is granted to reader_" + run + " again",
                            "INSERT on public.quiet, granted to team_" + run + " since, is gone",
                            "policy own on public.customers says again what it said",
                            "row-level security of public.customers is on again",
                            "trigger watch on public.lines is on again",
                            "event trigger guard is on again",
                            "job 1 of postgres (* * * * *): call tidy() runs again",
                            "membership of lead_" + run + " in reader_" + run
                                    + " is new since and stays so: roles belong to the server, not to the database");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void what_the_migration_changed_says_its_kind_and_a_forward_fix(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("alter table customers drop column note; alter table quiet alter column id type bigint");
            Findings findings = thoroughly(shop);
            assertThat(findings.kind()).isEqualTo(MigrationKind.destructive);
            assertThat(findings.changes())
                    .contains(
                            new Change.DroppedColumn(
                                    new Change.Table("public", "customers"), "note", "character(4)", null, false),
                            new Change.ChangedType(new Change.Table("public", "quiet"), "id", "integer"));
        }
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("create index on customers (name)");
            assertThat(thoroughly(shop).kind()).isEqualTo(MigrationKind.index);
            shop.execute("create table made (id int)");
            assertThat(inspection(shop).withoutCopy().kind()).isEqualTo(MigrationKind.additive);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void what_a_column_is_computed_from_is_part_of_what_the_migration_changed(int major) {
        String schema =
                "create table bills (id int primary key, paid int, twice int generated always as (paid * 2) stored,"
                        + " thrice int generated always as (paid * 3) stored)";
        Change.Table bills = new Change.Table("public", "bills");
        try (Protected shop = Protected.of(major, schema)) {
            shop.execute("alter table bills drop column twice, drop column thrice,"
                    + " add column thrice int generated always as (paid * 4) stored, add column made int generated always as (paid) stored;"
                    + " create index on bills (paid); insert into bills values (1, 1)");
            Findings findings = thoroughly(shop);
            assertThat(findings.changes())
                    .contains(
                            new Change.DroppedGenerated(
                                    bills, "twice", "integer", "generated always as ((paid * 2)) stored"),
                            new Change.ChangedGeneration(
                                    bills, "thrice", "integer", "generated always as ((paid * 3)) stored"));
            assertThat(findings.losses().vanishing()).contains(new Vanishing("column", "public.bills.made", null));
        }
        try (Protected shop = Protected.of(major, "create table bills (id int primary key, paid int)")) {
            shop.execute(
                    "alter table bills drop column paid, add column paid int generated always as (id) stored; create index on bills (paid)");
            Findings findings = thoroughly(shop);
            assertThat(findings.kind()).isEqualTo(MigrationKind.destructive);
            assertThat(findings.changes()).contains(new Change.ChangedGeneration(bills, "paid", "integer", null));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void who_and_what_stands_in_the_way_is_shown_with_what_to_do(int major) {
        try (Protected shop = Protected.of(major, SHOP);
                PgSession migration = shop.session();
                PgSession waiting = shop.session()) {
            shop.execute("select pg_create_logical_replication_slot('cdc" + major + "', 'pgoutput')");
            shop.execute("begin; insert into log values ('half'); prepare transaction 'half''way'");
            shop.execute("create publication everything for all tables");
            migration.execute("begin; alter table quiet add column half_way int");
            PgSession.Answer blocked = waiting.start("select * from quiet");
            await().until(() -> shop.ask(
                            "select count(*) from pg_locks where not granted and relation = 'public.quiet'::regclass")
                    .equals("1"));

            assertThat(inspection(shop).obstacles())
                    .as("what may be a temporary table that is gone in a moment is shown and stops nothing")
                    .anySatisfy(each -> assertThat(each.kind()).isEqualTo("schema change"))
                    .allMatch(each -> !each.kind().equals("schema change") || !each.stops());
            await().until(() -> inspection(shop).obstacles().stream()
                    .anyMatch(each -> each.kind().equals("schema change") && each.stops()));
            List<Obstacle> obstacles = inspection(shop).obstacles();

            assertThat(obstacles).anySatisfy(each -> {
                assertThat(each.kind()).isEqualTo("schema change");
                assertThat(each.what())
                        .contains("holds a lock on public.quiet", ": begin;", "holds up pid " + waiting.processId())
                        .doesNotContain("half_way");
                assertThat(each.advice()).contains("pg_terminate_backend(" + migration.processId() + ")");
                assertThat(each.stops()).isTrue();
            });
            assertThat(obstacles).anySatisfy(each -> {
                assertThat(each.kind()).isEqualTo("prepared transaction");
                assertThat(each.advice()).contains("rollback prepared 'half''way'");
                assertThat(each.stops()).isTrue();
            });
            assertThat(obstacles)
                    .extracting(Obstacle::kind)
                    .contains("logical slot", "superuser session", "publication")
                    .doesNotContain("replica", "background worker");
            assertThat(obstacles.getFirst().stops()).isTrue();
            migration.execute("rollback");
            blocked.rows();
            shop.execute("rollback prepared 'half''way'");
            shop.execute("select pg_drop_replication_slot('cdc" + major + "')");
        }
    }

    @Test
    void unlogged_tables_that_a_crash_has_emptied_are_named() {
        try (Protected shop = Protected.of(
                18,
                SHOP + "; create unlogged table cache (id int); create unlogged table \"Kept\" as select 1 as id")) {
            assertThat(thoroughly(shop).obstacles())
                    .noneMatch(each -> each.kind().equals("unlogged table"));

            Manifest before = shop.manifest;
            List<Manifest.Table> full = before.tables().stream()
                    .map(each -> each.name().equals("public.cache")
                            ? new Manifest.Table(each.name(), each.kind(), 5, "1")
                            : each)
                    .toList();
            shop.manifest = new Manifest(
                    before.systemIdentifier(),
                    before.serverVersion(),
                    before.databaseName(),
                    before.takenAt(),
                    before.schemaFingerprint(),
                    full,
                    before.objects(),
                    before.sequences(),
                    before.properties(),
                    null,
                    List.of());
            String seal = shop.ask("select xmin::text from pg_database where oid = " + shop.shadow.oid());
            assertThat(inspection(shop)
                            .thoroughly(
                                    new Command("r2", 1),
                                    "s1",
                                    new Shadow(
                                            shop.shadow.name(),
                                            shop.shadow.oid(),
                                            seal,
                                            shop.shadow.systemIdentifier()))
                            .obstacles())
                    .filteredOn(each -> each.kind().equals("unlogged table"))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.what()).endsWith(": public.cache");
                        assertThat(each.stops()).isFalse();
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void extensions_that_reach_beyond_the_database_are_listed_with_what_to_look_after(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("create extension postgres_fdw");
            shop.execute("create extension citext");

            List<Obstacle> obstacles = inspection(shop).obstacles();

            assertThat(obstacles)
                    .filteredOn(each -> each.kind().equals("extension"))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.what()).startsWith("postgres_fdw ");
                        assertThat(each.advice()).contains("what the foreign servers hold does not go back");
                        assertThat(each.stops()).isFalse();
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void replicas_and_poolers_are_listed_with_the_steps_that_are_the_operators(int major) throws SQLException {
        try (Protected shop = Protected.of(major, SHOP);
                PgSession pooled = shop.session();
                Connection replica = shop.replicating();
                PGReplicationStream stream = replica.unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .physical()
                        .withStartPosition(
                                LogSequenceNumber.valueOf(shop.ask("select pg_current_wal_flush_lsn()::text")))
                        .start()) {
            pooled.execute("set application_name = 'pgbouncer'");
            stream.forceUpdateStatus();

            List<Obstacle> obstacles = inspection(shop).obstacles();

            assertThat(obstacles).anySatisfy(each -> {
                assertThat(each.kind()).isEqualTo("replica");
                assertThat(each.what()).contains("a standby of the test");
                assertThat(each.advice()).contains("end them once the replica has replayed the swap");
                assertThat(each.stops()).isFalse();
            });
            assertThat(obstacles).anySatisfy(each -> {
                assertThat(each.kind()).isEqualTo("pooler");
                assertThat(each.what()).contains("pgbouncer");
                assertThat(each.advice()).contains("RECONNECT");
                assertThat(each.stops()).isFalse();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void the_copy_that_was_read_still_counts_as_untouched_and_one_that_was_written_to_does_not(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            String before = shop.ask(
                    "select datdba::regrole::text || datallowconn from pg_database where oid = " + shop.shadow.oid());
            thoroughly(shop);
            inspection(shop).thoroughly(new Command("r2", 1), "s1", shop.shadow);
            assertThat(shop.ask("select datdba::regrole::text || datallowconn from pg_database where oid = "
                            + shop.shadow.oid()))
                    .isEqualTo(before);
            String seal = shop.ask("select xmin::text from pg_database where oid = " + shop.shadow.oid());
            assertThat(seal).isNotEqualTo(shop.shadow.seal());
            assertThat(shop.admin.sealSince(shop.shadow.oid(), shop.shadow.seal()))
                    .hasValue(seal);

            shop.execute("postgres", "alter database " + shop.shadow.name() + " with allow_connections true");
            shop.execute(shop.shadow.name(), "delete from public.quiet");
            shop.execute("postgres", "alter database " + shop.shadow.name() + " with allow_connections false");
            assertThat(shop.admin.sealSince(shop.shadow.oid(), shop.shadow.seal()))
                    .isEmpty();
        }
    }

    @Test
    void a_copy_that_an_interrupted_reading_left_open_is_sealed_again_by_the_same_command() {
        try (Protected shop = Protected.of(18, SHOP)) {
            Command command = new Command("r1", 1);
            shop.admin.openToRead(command, shop.identity, shop.shadow.oid(), shop.shadow.seal());
            assertThat(shop.admin.sealSince(shop.shadow.oid(), shop.shadow.seal()))
                    .isEmpty();
            thoroughly(shop);
            assertThat(shop.admin.sealSince(shop.shadow.oid(), shop.shadow.seal()))
                    .isPresent();
        }
    }

    @Test
    void a_copy_that_the_reading_of_another_rollback_left_open_is_ready_again_once_nobody_is_in_it() {
        try (Protected shop = Protected.of(18, SHOP)) {
            long copy = shop.shadow.oid();
            String name = shop.admin.openToRead(new Command("r1", 1), shop.identity, copy, shop.shadow.seal());
            try (PgSession somebody = shop.session(name)) {
                somebody.query("select 1 as one");
                shop.admin.endInterruptedReading(shop.identity, copy);
                assertThat(shop.admin.sealSince(copy, shop.shadow.seal())).isEmpty();
            }
            await().until(() -> shop.ask("select count(*) from pg_stat_activity where datid = " + copy)
                    .equals("0"));

            shop.admin.endInterruptedReading(shop.identity, copy);

            assertThat(shop.admin.sealSince(copy, shop.shadow.seal())).isPresent();
        }
    }

    @Test
    void a_copy_that_somebody_opened_for_himself_is_not_taken_for_one_that_was_read() {
        try (Protected shop = Protected.of(18, SHOP)) {
            long copy = shop.shadow.oid();
            shop.admin.openToRead(new Command("r1", 1), shop.identity, copy, shop.shadow.seal());
            shop.execute("postgres", "grant connect on database " + shop.shadow.name() + " to public");

            shop.admin.endInterruptedReading(shop.identity, copy);

            assertThat(shop.admin.sealSince(copy, shop.shadow.seal())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void large_objects_are_among_what_would_be_lost(int major) {
        try (Protected shop = Protected.of(
                major, SHOP + "select lo_from_bytea(4000 + n, 'a picture') from generate_series(1, 5) n;")) {
            assertThat(thoroughly(shop).losses().tables()).isEmpty();
            shop.execute("select lo_put(4001, 2, 'P'); select lo_unlink(4002);"
                    + " select lo_from_bytea(5000 + n, 'new') from generate_series(1, 3) n");
            Findings findings = thoroughly(shop);
            assertThat(findings.losses().tables()).containsExactly(new TableLoss("large objects", 3, 1, 1, true));
            assertThat(findings.losses().basis()).isEqualTo("every table was compared row by row");
            assertThat(findings.losses().returning()).contains("1 large objects, deleted since, are there again");
            for (Findings quick :
                    List.of(inspection(shop).quickly(true), inspection(shop).withoutCopy())) {
                assertThat(quick.losses().tables()).containsExactly(new TableLoss("large objects", 2, 0, 0, false));
            }
            assertThat(inspection(shop).everything().tables()).contains(new TableLoss("large objects", 7, 0, 0, false));
        }
    }

    @Test
    void without_time_the_figures_are_estimated_and_marked() {
        try (Protected shop = Protected.of(18, SHOP)) {
            shop.execute("insert into customers select n, 'n' from generate_series(10001, 10050) n");
            Findings quick = inspection(shop).quickly(true);
            assertThat(quick.losses().tables()).containsExactly(new TableLoss("public.customers", 50, 0, 0, false));
            assertThat(quick.losses().basis()).startsWith("estimated");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void nothing_is_changed_in_the_live_database_and_nobody_is_left_in_it(int major) {
        try (Protected shop = Protected.of(major, SHOP)) {
            shop.execute("update customers set name = 'x' where id < 10; create table made (id int)");
            try (PgSession user = shop.session()) {
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> shop.ask(
                                        "select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'")
                                .equals("2"));
                String before = everything(shop);
                thoroughly(shop);
                inspection(shop).quickly(true);
                inspection(shop).withoutCopy();
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(everything(shop)).isEqualTo(before));
                assertThat(user.query("select 1 as one")).hasSize(1);
            }
        }
    }

    private static Inspection inspection(Protected shop) {
        return new Inspection(shop.vertx, shop.database, shop.admin, shop.identity, shop.manifest);
    }

    private static Findings thoroughly(Protected shop) {
        return inspection(shop).thoroughly(new Command("r1", 1), "s1", shop.shadow);
    }

    /** What the server's own autovacuum notes in these catalogues is not counted: it runs whenever it likes. */
    private static final String BY_AUTOVACUUM =
            "'{relpages,reltuples,relallvisible,relallfrozen,relfrozenxid,relminmxid,datfrozenxid,datminmxid}'::text[]";

    /** The catalogue, row versions and all, the content, and who is connected. */
    private static String everything(Protected shop) {
        StringBuilder all = new StringBuilder();
        for (String catalogue : List.of(
                "pg_class",
                "pg_attribute",
                "pg_constraint",
                "pg_trigger",
                "pg_policy",
                "pg_namespace",
                "pg_proc",
                "pg_db_role_setting")) {
            all.append(shop.ask("select md5(string_agg(c.xmin::text || ' ' || (to_jsonb(c) - " + BY_AUTOVACUUM
                    + ")::text, '|' order by c.ctid)) from " + catalogue + " c"));
        }
        all.append(shop.ask("select (to_jsonb(d) - " + BY_AUTOVACUUM
                + ")::text || xmin::text from pg_database d where datname = current_database()"));
        for (String table : List.of("customers", "lines", "log", "parts", "quiet")) {
            all.append(shop.ask(
                    "select md5(string_agg(t.xmin::text || t.xmax::text || t::text, '|' order by t.ctid)) from public."
                            + table + " t"));
        }
        return all
                + shop.ask(
                        "select string_agg(usename || application_name || backend_type, ',') from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'");
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 18})
    void a_writer_is_never_held_up_by_planning_not_even_behind_a_schema_change(int major) throws InterruptedException {
        try (Protected shop = Protected.of(major, SHOP + """
                create table large (id int primary key, filler text);
                insert into large select n, repeat(md5(n::text), 8) from generate_series(1, 600000) n;
                """)) {
            shop.execute("update large set filler = filler || '.'");
            AtomicLong longest = new AtomicLong();
            AtomicLong writes = new AtomicLong();
            CompletableFuture<Findings> planning = new CompletableFuture<>();
            planning.completeAsync(() -> thoroughly(shop));
            Thread writing = Thread.ofVirtual().start(() -> {
                try (PgSession writer = shop.session()) {
                    while (!planning.isDone()) {
                        long began = System.nanoTime();
                        writer.query("update large set filler = filler where id = $1", (int) (writes.get() % 1000));
                        longest.accumulateAndGet((System.nanoTime() - began) / 1_000_000, Math::max);
                        writes.incrementAndGet();
                    }
                }
            });
            await().until(() -> shop.ask(
                            "select count(*) > 0 from pg_locks l join pg_stat_activity a using (pid) where a.usename = 'ripcord_rollback' and l.relation = 'public.large'::regclass")
                    .equals("true"));
            long waited;
            try (PgSession migration = shop.session()) {
                long began = System.nanoTime();
                migration.execute("alter table large add column late int");
                waited = (System.nanoTime() - began) / 1_000_000;
            }
            Findings findings = planning.join();
            writing.join();
            assertThat(findings.losses().tables())
                    .anyMatch(table -> table.table().equals("public.large") && !table.exact());
            assertThat(waited).as("what the schema change waited").isLessThan(2000);
            assertThat(longest).as("what a writer waited at the longest").hasValueLessThan(2500);
            assertThat(writes.get()).isPositive();
        }
    }
}
