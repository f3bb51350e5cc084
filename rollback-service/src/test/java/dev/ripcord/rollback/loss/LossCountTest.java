package dev.ripcord.rollback.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.TableLoss;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LossCountTest {

    private static final String SCHEMA = """
            create table keyed (a int, b text, price numeric, primary key (a, b));
            insert into keyed select n, 'ключ ' || n, n from generate_series(1, 3000) n;
            create table bag (word text);
            insert into bag select 'same' from generate_series(1, 10);
            create table untouched (id int primary key);
            insert into untouched select generate_series(1, 100);
            create table parts (id int, day date, primary key (id, day)) partition by range (day);
            create table parts_a partition of parts for values from ('2026-01-01') to ('2026-02-01');
            create table parts_b partition of parts for values from ('2026-02-01') to ('2026-03-01');
            insert into parts select n, '2026-01-10' from generate_series(1, 10) n;
            create table dropped (id int primary key, note text);
            insert into dropped select n from generate_series(1, 7) n;
            create table secret (id int primary key);
            insert into secret select generate_series(1, 4);
            alter table secret enable row level security;
            """;

    private static final Vertx VERTX = Vertx.vertx();
    private static Server server;
    private static Role superuser;

    @BeforeAll
    static void makeBoth() throws IOException {
        var postgres = EmbeddedInfrastructure.shared().postgres();
        server = new Server(postgres.host(), postgres.port(), "", null, "", null, null);
        superuser = new Role(
                postgres.superuser(),
                new Secret(null, Files.writeString(Files.createTempFile("password", ""), postgres.password())));
        try (PgSession session = open("postgres")) {
            session.execute("create database counted_before");
            session.execute("create database counted_failed");
        }
        for (String each : List.of("counted_before", "counted_failed")) {
            try (PgSession session = open(each)) {
                session.execute("set search_path = public");
                session.execute(SCHEMA);
            }
        }
    }

    private static PgSession open(String database) {
        return PgSession.open(VERTX, server, superuser, database, Duration.ofSeconds(30));
    }

    @Test
    void every_row_that_differs_is_counted_once_and_equal_tables_are_left_out() {
        try (PgSession failed = open("counted_failed");
                PgSession before = open("counted_before")) {
            assertThat(LossCount.count(failed, before, () -> {})).isEmpty();
            failed.execute("set search_path = public");
            failed.execute("""
                    update keyed set price = price + 1 where a <= 25;
                    delete from keyed where a > 2990;
                    insert into keyed values (5000, 'new', 1), (5001, 'new', 1), (5001, 'newer', 1);
                    insert into bag values ('same'), ('other');
                    insert into parts values (11, '2026-01-11'), (11, '2026-02-11');
                    drop table dropped;
                    create table made (id int);
                    insert into made select generate_series(1, 3);
                    update secret set id = 40 where id = 4;
                    """);
            assertThat(LossCount.count(failed, before, () -> {}))
                    .containsExactlyInAnyOrder(
                            new TableLoss("public.keyed", 3, 25, 10, true),
                            new TableLoss("public.bag", 2, 0, 0, true),
                            new TableLoss("public.parts", 2, 0, 0, true),
                            new TableLoss("public.dropped", 0, 0, 7, true),
                            new TableLoss("public.made", 3, 0, 0, true),
                            new TableLoss("public.secret", 1, 0, 1, true));
        }
    }

    @Test
    void large_objects_are_counted_like_rows() {
        try (PgSession session = open("postgres")) {
            session.execute("create database large_before");
        }
        try (PgSession before = open("large_before")) {
            before.execute(
                    "select lo_from_bytea(4000 + n, convert_to('picture ' || n, 'UTF8')) from generate_series(1, 20) n;"
                            + " select lo_create(4100); select lo_put(4100, 5000, 'x')");
        }
        try (PgSession session = open("postgres")) {
            session.execute("create database large_failed template large_before");
        }
        try (PgSession failed = open("large_failed");
                PgSession before = open("large_before")) {
            assertThat(LossCount.count(failed, before, () -> {})).isEmpty();
            failed.execute("select lo_put(4100, 0, '\\x00')");
            assertThat(LossCount.count(failed, before, () -> {}))
                    .as("what was a hole is zero")
                    .isEmpty();
            failed.execute("select lo_put(4001, 0, 'P'); select lo_put(4100, 5001, '\\x00'); select lo_unlink(4002);"
                    + " select lo_from_bytea(4003 + 1000, 'new'); select lo_create(5004); select lo_create(5005)");
            assertThat(LossCount.count(failed, before, () -> {}))
                    .containsExactly(new TableLoss("large objects", 3, 2, 1, true));
        }
    }

    @Test
    void what_is_computed_from_other_columns_is_no_loss_and_nothing_to_fail_on() {
        try (PgSession session = open("postgres")) {
            session.execute("create database computed_before");
            session.execute("create database computed_failed");
        }
        try (PgSession failed = open("computed_failed");
                PgSession before = open("computed_before")) {
            for (PgSession each : List.of(failed, before)) {
                each.execute("set search_path = public");
                each.execute("""
                        create table shares (id int primary key, parts int, each int generated always as (100 / parts));
                        insert into shares values (1, 5), (2, 0), (3, 7);
                        create table doubled (id int primary key, n int, twice int generated always as (n * 2) stored);
                        insert into doubled values (1, 5), (2, 0);
                        create table stays (room int4range, valid_at daterange, who text, primary key (room, valid_at without overlaps));
                        insert into stays values ('[1,2)', '[2026-01-01,2026-02-01)', 'a'), ('[1,2)', '[2026-02-01,2026-03-01)', 'b');
                        """);
            }
            assertThat(LossCount.count(failed, before, () -> {})).isEmpty();
            failed.execute("""
                    update shares set parts = 9 where id = 2; insert into shares values (4, 0);
                    alter table doubled alter column twice set expression as (n * 3);
                    update stays set who = 'c' where who = 'b'; insert into stays values ('[2,3)', '[2026-01-01,2026-02-01)', 'd');
                    """);
            assertThat(LossCount.count(failed, before, () -> {}))
                    .containsExactlyInAnyOrder(
                            new TableLoss("public.shares", 1, 1, 0, true),
                            new TableLoss("public.stays", 1, 1, 0, true));
        }
    }
}
