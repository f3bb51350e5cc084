package dev.ripcord.rollback.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.rollback.method.FreshServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No number is given out twice after a swap. */
class SequencesTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final EmbeddedPostgres SERVER = FreshServer.start(18);

    /** What a sequence does before the snapshot, what it does afterwards, and what it has to give next when it is back. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select setval('\"odd ''seq\"', 1000, false) | select setval('\"odd ''seq\"', 5)    | 1000",
                "select setval('\"odd ''seq\"', 1000, false) | select setval('\"odd ''seq\"', 1000) | 1001",
                "select setval('\"odd ''seq\"', 1000, false) | select setval('\"odd ''seq\"', 1200) | 1201",
                "select setval('\"odd ''seq\"', 1000)        | select setval('\"odd ''seq\"', 5)    | 1001",
                "select 1                                    | select setval('\"odd ''seq\"', 5)    | 6",
                "select 1                                    | select 1                             | 1",
                "alter sequence \"odd 'seq\" increment -1 minvalue -2000 maxvalue 2000; select setval('\"odd ''seq\"', 1000, false) | select setval('\"odd ''seq\"', 1500) | 1000",
                "alter sequence \"odd 'seq\" increment -1 minvalue -2000 maxvalue 2000; select setval('\"odd ''seq\"', 1000, false) | select setval('\"odd ''seq\"', 900)  | 899"
            })
    void a_sequence_goes_on_behind_the_furthest_that_either_database_has_come_to(String before, String since, long next)
            throws IOException {
        try (PgSession admin = open("postgres")) {
            admin.execute("drop database if exists numbered");
            admin.execute("drop database if exists numbered_copy");
            admin.execute("create database numbered");
            try (PgSession live = open("numbered")) {
                live.execute("set search_path = public; create sequence \"odd 'seq\"; " + before);
            }
            admin.execute("create database numbered_copy template numbered");
            PgSession live = open("numbered");
            live.execute("set search_path = public; " + since + "; reset search_path");
            Sequences.between(live, open("numbered_copy")).finish();
            try (PgSession copy = open("numbered_copy")) {
                assertThat(copy.query("select nextval('public.\"odd ''seq\"')")
                                .getFirst()
                                .getLong(0))
                        .isEqualTo(next);
            }
        }
    }

    @Test
    void of_more_sequences_than_the_server_has_locks_some_are_asked_at_a_time() throws IOException {
        EmbeddedPostgres small = FreshServer.start(
                18,
                Map.of(
                        "fsync", "off",
                        "max_connections", "20",
                        "autovacuum_worker_slots", "3",
                        "max_worker_processes", "2",
                        "max_wal_senders", "0"));
        try (PgSession admin = open(small, "postgres")) {
            admin.execute("create database tenants");
            try (PgSession live = open(small, "tenants")) {
                for (int from = 1; from <= 8000; from += 500) {
                    live.execute("do $$ begin for n in " + from + ".." + (from + 499)
                            + " loop execute format('create sequence public.s%s', n); end loop; end $$");
                }
                live.execute("select setval('public.s7', 1000, false)");
            }
            admin.execute("create database tenants_copy template tenants strategy file_copy");
            PgSession live = open(small, "tenants");
            live.execute("select nextval('public.s8'), nextval('public.s8')");

            assertThat(Sequences.between(live, open(small, "tenants_copy")).finish())
                    .isZero();

            try (PgSession copy = open(small, "tenants_copy")) {
                assertThat(copy.query("select nextval('public.s7'), nextval('public.s8'), nextval('public.s9')")
                                .getFirst()
                                .deepToString())
                        .isEqualTo("[1000,3,1]");
            }
        }
    }

    private static PgSession open(String database) throws IOException {
        return open(SERVER, database);
    }

    private static PgSession open(EmbeddedPostgres server, String database) throws IOException {
        Path password = Files.writeString(server.dataFolder().resolve("superuser"), server.password());
        Server place = new Server(server.host(), server.port(), database, null, "", null, null);
        Role role = new Role(server.superuser(), new Secret(null, password));
        return PgSession.open(VERTX, place, role, database, Duration.ofSeconds(30));
    }
}
