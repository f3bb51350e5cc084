package dev.ripcord.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(value = EncryptedState.class, restrictToAnnotatedClass = true)
class EncryptedStateTest {

    private static final String SESSIONS = """
            select a.query, s.ssl from pg_stat_activity a join pg_stat_ssl s using (pid) where a.datname = current_database()""";

    @Inject
    Walk walk;

    @Inject
    Tasks tasks;

    @Inject
    Inbox inbox;

    @Inject
    StateDatabase state;

    @Test
    void tables_are_made_work_is_done_and_changes_are_heard_of_where_only_encrypted_sessions_are_let_in() {
        inbox.accept(Envelope.of("/test", new MigrationEvent.Started("encrypted", "over-tls", null)));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> tasks.find(walk, "over-tls")
                        .filter(Tasks.View::finished)
                        .isPresent());
        List<Row> sessions = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> state.query(SESSIONS),
                        rows -> rows.stream()
                                .anyMatch(row -> row.getString("query").matches("(?is)listen.*")));
        assertThat(sessions).allMatch(row -> row.getBoolean("ssl"));
    }
}
