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
import dev.ripcord.snapshot.core.Provider.Order;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeDatabasesTest {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    private static Path folder;

    @Test
    void whoever_is_held_up_between_a_claim_and_its_act_has_lost_its_session_to_its_successor() throws IOException {
        SampleDatabase sample = sample("paused");
        EnrolledDatabase database = enrolled(sample);
        String shadow = database.shadowName("one");
        try (MadeDatabases paused = MadeDatabases.open(new AdminSessions(VERTX), new Order(database, "one", 1))) {
            sample.run("postgres", "create database " + shadow + " owner ripcord_snapshot allow_connections false");
            paused.claim(shadow);

            try (MadeDatabases successor =
                    MadeDatabases.open(new AdminSessions(VERTX), new Order(database, "one", 2))) {
                successor.close(shadow);
                String row = "select xmin from pg_database where datname = '" + shadow + "'";
                String sealed = sample.value(row);

                assertThatThrownBy(() -> paused.openForOwner(shadow)).isInstanceOf(DatabaseFailure.class);
                assertThatThrownBy(() -> paused.drop(shadow)).isInstanceOf(DatabaseFailure.class);
                try (MadeDatabases again =
                        MadeDatabases.open(new AdminSessions(VERTX), new Order(database, "one", 1))) {
                    assertThatThrownBy(() -> again.drop(shadow))
                            .isInstanceOfSatisfying(
                                    DatabaseFailure.class,
                                    failure -> assertThat(failure.sqlState()).isEqualTo("RC003"));
                }
                assertThat(sample.value(row)).isEqualTo(sealed);
                successor.drop(shadow);
            }
        }
        assertThat(sample.made("shadow")).isZero();
    }

    @Test
    void what_an_overtaken_owner_has_left_in_a_copy_does_not_keep_it_open() throws IOException {
        SampleDatabase sample = sample("remaining");
        EnrolledDatabase database = enrolled(sample);
        String shadow = database.shadowName("one");
        sample.run("postgres", "create database " + shadow + " owner ripcord_snapshot");
        try (PgSession left = PgSession.open(
                        VERTX, database.server(), database.roles().snapshot(), shadow, Duration.ofMinutes(1));
                MadeDatabases made = MadeDatabases.open(new AdminSessions(VERTX), new Order(database, "one", 2))) {
            made.close(shadow);

            assertThat(made.sessions(made.find(shadow).orElseThrow())).isZero();
            assertThatThrownBy(() -> left.query("select 1")).isInstanceOf(DatabaseFailure.class);
            made.drop(shadow);
        }
    }

    @Test
    void an_unfinished_copy_is_removed_although_somebody_whom_we_may_not_end_is_just_leaving_it() throws Exception {
        SampleDatabase sample = sample("visited");
        EnrolledDatabase database = enrolled(sample);
        String shadow = database.shadowName("one");
        sample.run("postgres", "create database " + shadow + " owner ripcord_snapshot");
        Connection superuser = sample.connect(shadow);
        Thread leaving = Thread.ofVirtual().unstarted(() -> leaves(sample, superuser));
        try (PgSession ours = PgSession.open(
                        VERTX, database.server(), database.roles().snapshot(), shadow, Duration.ofMinutes(1));
                MadeDatabases made = MadeDatabases.open(new AdminSessions(VERTX), new Order(database, "one", 1))) {
            leaving.start();
            made.drop(shadow);
            assertThatThrownBy(() -> ours.query("select 1")).isInstanceOf(DatabaseFailure.class);
        }
        leaving.join();
        assertThat(sample.made("shadow")).isZero();
    }

    /** When it is waited for: by a drop that ends nobody. */
    private static void leaves(SampleDatabase sample, Connection superuser) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> sample.value(
                                "select count(*) from pg_stat_activity"
                                        + " where state = 'active' and query like 'drop database %' and query not like '%force%'")
                        .equals("1"));
        try {
            superuser.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void names_that_are_not_made_for_the_database_cannot_be_claimed() throws IOException {
        SampleDatabase sample = sample("claimed");
        EnrolledDatabase database = enrolled(sample);
        for (String name : new String[] {"claimed", "postgres", "claimed__failed_x", "other__shadow_x"}) {
            assertThatThrownBy(() -> sample.run(
                            "ripcord_admin",
                            "select ripcord.claim('claimed', '" + sample.marker()
                                    + "', (select system_identifier::text from pg_control_system()), '" + name
                                    + "', 1)"))
                    .hasMessageContaining("not a name that is made for claimed");
        }
        assertThat(database.isMadeName("claimed__shadow_x")).isTrue();
    }

    private static SampleDatabase sample(String name) {
        return SampleDatabase.create(VERTX, EmbeddedInfrastructure.shared().postgres(), folder, name, false);
    }

    private static EnrolledDatabase enrolled(SampleDatabase sample) throws IOException {
        Path file = folder.resolve(sample.name() + ".yaml");
        Files.writeString(file, "databases:\n" + sample.yaml(folder, "form: clone"));
        return Databases.read(file).find(sample.name()).orElseThrow();
    }
}
