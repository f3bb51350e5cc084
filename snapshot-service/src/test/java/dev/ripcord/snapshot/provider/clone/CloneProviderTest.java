package dev.ripcord.snapshot.provider.clone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Provider;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.ProviderConformance;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneProviderTest implements ProviderConformance {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path folder;

    private String policy = "endSessions: true";

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Override
    public void leaveUnfinished(SampleDatabase sample, Order order) {
        try (AdminSession admin = AdminSession.open(
                VERTX, order.database(), order.database().roles().snapshot(), Duration.ofSeconds(10))) {
            admin.close(new Command(order.snapshot(), order.fence()), admin.identify(), true);
        }
        assertThat(sample.open()).isFalse();
    }

    @Override
    public Provider provider() {
        return new CloneProvider(VERTX);
    }

    @Override
    public SampleDatabase sample(String name) {
        return SampleDatabase.create(VERTX, EmbeddedInfrastructure.shared().postgres(), folder, name, false);
    }

    @Override
    public EnrolledDatabase enrolled(SampleDatabase sample, String marker) {
        try {
            Path file = folder.resolve(sample.name() + ".yaml");
            SampleDatabase marked = new SampleDatabase(sample.server(), sample.name(), marker);
            Files.writeString(file, "databases:\n" + marked.yaml(folder, "form: clone", policy));
            return Databases.read(file).find(sample.name()).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void sessions_are_ended_for_a_moment_where_the_policy_allows_it() throws SQLException {
        SampleDatabase sample = sample("busy");
        try (Connection application = sample.connect();
                Statement statement = application.createStatement()) {
            statement.execute("select 1");

            Provider.Take take = provider().take(new Order(enrolled(sample, sample.marker()), "busy", 1));

            assertThat(take)
                    .isInstanceOfSatisfying(
                            Taken.class,
                            taken -> assertThat(taken.pauseMillis()).isLessThanOrEqualTo(taken.millis()));
            assertThat(application.isValid(1)).isFalse();
        }
        assertThat(sample.open()).isTrue();
    }

    @Test
    void connected_sessions_are_left_alone_where_it_does_not() throws SQLException {
        SampleDatabase sample = sample("calm");
        policy = "endSessions: false";
        try (Connection application = sample.connect();
                Statement statement = application.createStatement()) {
            Provider.Take take = provider().take(new Order(enrolled(sample, sample.marker()), "calm", 1));

            assertThat(take)
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.next()).contains("snapshot.endSessions: true"));
            statement.execute("select 1");
        }
        assertThat(sample.made("snapshot")).isZero();
        assertThat(sample.open()).isTrue();
    }
}
