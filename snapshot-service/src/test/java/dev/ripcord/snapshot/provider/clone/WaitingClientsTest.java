package dev.ripcord.snapshot.provider.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.Databases;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.snapshot.Said;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Provider.Take;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.AdminSessions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While a copy is made, whoever connects waits, and takes up a connection though his client may have given up long ago. */
class WaitingClientsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final int CLIENTS = 14;

    @TempDir
    static Path folder;

    @ParameterizedTest
    @ValueSource(ints = {18, 15})
    void those_who_wait_for_a_copy_leave_a_quarter_of_the_connections_to_others(int major) throws Exception {
        Map<String, String> settings = Map.of("max_connections", "20", "fsync", "off");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(
                        Files.createTempDirectory("ripcord-crowded-").resolve("server"), major, 0, settings);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SampleDatabase sample = SampleDatabase.create(VERTX, postgres.server(), folder, "crowded", false);
            Order order = order(sample);
            // a copy begins with a checkpoint
            String checkpointer = sample.value("select pid from pg_stat_activity where backend_type = 'checkpointer'");
            signal("STOP", checkpointer);
            CompletableFuture<Take> take;
            List<CompletableFuture<String>> clients = new ArrayList<>();
            try {
                take = CompletableFuture.supplyAsync(
                        () -> new CloneProvider(new AdminSessions(VERTX)).take(order), threads);
                await().until(() -> sample.value(
                                "select d.datallowconn from pg_database d join pg_locks l on l.objid = d.oid and l.locktype = 'object'"
                                        + " where d.datname = 'crowded' and l.mode = 'ShareLock' and l.granted")
                        .equals("t"));
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(CompletableFuture.supplyAsync(() -> connected(sample), threads));
                }

                // of 17 connections 12 may be taken, by those who wait and three or four others
                await().during(Duration.ofSeconds(5))
                        .atMost(Duration.ofSeconds(40))
                        .untilAsserted(() -> assertThat(ended(clients)).hasSizeBetween(CLIENTS - 10, CLIENTS - 7));
            } finally {
                signal("CONT", checkpointer);
            }
            assertThat(take.get()).isInstanceOf(Taken.class);
            assertThat(clients.stream().map(CompletableFuture::join))
                    .hasSize(CLIENTS)
                    .filteredOn("in"::equals)
                    .hasSizeBetween(7, 10);
            assertThat(ended(clients)).containsOnly("57P01");
        }
    }

    @Test
    void on_a_server_that_an_older_version_enrolled_it_is_said_once_that_nobody_is_ended_and_what_to_do()
            throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(
                        Files.createTempDirectory("ripcord-older-").resolve("server"), 18, 0, Map.of("fsync", "off"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Said said = new Said(CloneProvider.class, "left to wait")) {
            SampleDatabase sample = SampleDatabase.create(VERTX, postgres.server(), folder, "older", false);
            sample.run(
                    "ripcord_admin",
                    "drop function ripcord.end_waiting(text, text, text, text, bigint, bigint) cascade");
            Order order = order(sample);
            String checkpointer = sample.value("select pid from pg_stat_activity where backend_type = 'checkpointer'");
            signal("STOP", checkpointer);
            CompletableFuture<Take> take;
            try {
                take = CompletableFuture.supplyAsync(
                        () -> new CloneProvider(new AdminSessions(VERTX)).take(order), threads);
                await().until(() -> !said.lines().isEmpty());
                await().during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> said.lines().size() == 1);
            } finally {
                signal("CONT", checkpointer);
            }
            assertThat(take.get()).isInstanceOf(Taken.class);
            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .contains("copy of older is left to wait", "enrol it again")
                    .contains("ripcord enrol --host " + sample.server().host() + " --port "
                            + sample.server().port() + " --database older --id older --environment development");
        }
    }

    private static List<String> ended(List<CompletableFuture<String>> clients) {
        return clients.stream()
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .filter(state -> !state.equals("in"))
                .toList();
    }

    /** {@code in}, or why not. */
    private static String connected(SampleDatabase sample) {
        try (var connection = sample.server().connect(sample.name())) {
            return connection.isValid(5) ? "in" : "out";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        }
    }

    private static Order order(SampleDatabase sample) throws IOException {
        Path file = folder.resolve(sample.server().port() + ".yaml");
        Files.writeString(file, "databases:\n" + sample.yaml(folder, "form: clone", "endSessions: true"));
        return new Order(Databases.read(file).find(sample.name()).orElseThrow(), "one", 1);
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }
}
