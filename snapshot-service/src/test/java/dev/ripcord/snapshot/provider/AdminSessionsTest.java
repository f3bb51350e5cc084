package dev.ripcord.snapshot.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.PgSession;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.snapshot.SampleDatabase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminSessionsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private static Path folder;

    @Test
    void after_a_first_gate_those_that_the_next_one_needs_are_open_before_it_asks() throws IOException {
        SampleDatabase sample = sample("kept");
        EnrolledDatabase database = enrolled(sample, sample.server().port());
        AdminSessions sessions = new AdminSessions(VERTX);
        sessions.expect(database);
        await().atMost(SOON).until(() -> count(sample) == 2);
        try (PgSession one = sessions.open(database);
                PgSession other = sessions.open(database)) {
            assertThat(count(sample)).as("none is opened for it").isEqualTo(2);
            assertThat(one.processId()).isNotEqualTo(other.processId());
            await("two more for the next one").atMost(SOON).until(() -> count(sample) == 4);
        }
        await().atMost(SOON).until(() -> count(sample) == 2);
    }

    @Test
    void all_databases_of_a_server_share_two() throws IOException {
        SampleDatabase sample = sample("shared");
        AdminSessions sessions = new AdminSessions(VERTX);
        for (int n = 0; n < 5; n++) {
            sessions.expect(enrolled(sample, sample.server().port(), "database: shared", "database: shared_" + n));
        }
        await().atMost(SOON).until(() -> count(sample) == 2);
        EnrolledDatabase patient =
                enrolled(sample, sample.server().port(), "form: clone", "form: clone, limitSeconds: 420");
        sessions.expect(patient);
        await("those with another limit give way").atMost(SOON).until(() -> count(sample) == 2);
        try (PgSession session = sessions.open(patient)) {
            assertThat(session.query("show statement_timeout").getFirst().getString(0))
                    .isEqualTo("7min");
        }
    }

    @Test
    void those_that_the_server_has_ended_are_not_handed_out_and_are_replaced() throws IOException {
        SampleDatabase sample = sample("cut");
        EnrolledDatabase database = enrolled(sample, sample.server().port());
        AdminSessions sessions = new AdminSessions(VERTX);
        sessions.expect(database);
        await().atMost(SOON).until(() -> count(sample) == 2);
        sample.value("select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where " + ours(sample));
        assertThat(count(sample)).isZero();
        await("new ones").atMost(SOON).until(() -> count(sample) == 2);
        try (PgSession session = sessions.open(database)) {
            assertThat(session.query("select 1")).hasSize(1);
            assertThat(session.ended()).isFalse();
        }
    }

    @Test
    void whoever_needs_one_of_a_server_that_is_away_hears_it() throws IOException {
        EnrolledDatabase nowhere = enrolled(sample("nowhere"), 1);
        AdminSessions sessions = new AdminSessions(VERTX);
        sessions.expect(nowhere);
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> sessions.open(nowhere)).isInstanceOf(DatabaseFailure.class);
        }
    }

    private static long count(SampleDatabase sample) {
        return Long.parseLong(sample.value("select count(*) from pg_stat_activity where " + ours(sample)));
    }

    private static String ours(SampleDatabase sample) {
        return "usename = 'ripcord_snapshot' and datname = '" + admin(sample) + "'";
    }

    /** One of its own, as the sessions in it are counted. */
    private static String admin(SampleDatabase sample) {
        return sample.name() + "_admin";
    }

    private static SampleDatabase sample(String name) {
        SampleDatabase sample =
                SampleDatabase.create(VERTX, EmbeddedInfrastructure.shared().postgres(), folder, name, false);
        sample.run("postgres", "create database " + admin(sample));
        return sample;
    }

    private static EnrolledDatabase enrolled(SampleDatabase sample, int port) throws IOException {
        return enrolled(sample, port, "", "");
    }

    private static EnrolledDatabase enrolled(SampleDatabase sample, int port, String that, String by)
            throws IOException {
        Path file = folder.resolve(sample.name() + ".yaml");
        String entry = sample.yaml(folder, "form: clone")
                .replace("port: " + sample.server().port(), "port: " + port + ", adminDatabase: " + admin(sample))
                .replace(that, by);
        Files.writeString(file, "databases:\n" + entry);
        return Databases.read(file).find(sample.name()).orElseThrow();
    }
}
