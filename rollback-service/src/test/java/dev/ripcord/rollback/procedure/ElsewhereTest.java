package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.SecondServer;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Secret;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackOutcomeEvent.Failed;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Installing;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.elsewhere.ModelSecondServer;
import dev.ripcord.rollback.hooks.Hooks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElsewhereTest {

    private static final Plan PLAN =
            new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 1, "automatic", null, "h");
    private static final Installing INSTALLING = new Installing(
            new Request("r1", "shop", null, null, null, "why", "ann", null),
            new Target("s1", Instant.EPOCH, null),
            PLAN,
            new Shadow("shop__shadow_1", 3, "7", "1"));

    private final Vertx vertx = Vertx.vertx();
    private final Elsewhere elsewhere;

    @SuppressWarnings("NullAway") // nothing is planned or restored here
    ElsewhereTest(@TempDir Path folder) throws Exception {
        Role role = new Role("r", new Secret(null, Files.writeString(folder.resolve("password"), "secret")));
        Roles roles = new Roles(role, role, role, null);
        // nobody listens there
        Server dead = new Server("127.0.0.1", 1, "shop", null, "m", null, null);
        EnrolledDatabase shop = new EnrolledDatabase(
                "shop",
                Environment.production,
                dead,
                roles,
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.archive, false, folder, 0, 100),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new SecondServer(dead, roles, null, true),
                null,
                null,
                null,
                null,
                null);
        Telling telling = new Telling(new Hooks(), new SimpleMeterRegistry());
        elsewhere = new Elsewhere(
                new Databases(List.of(shop), null, null, null, null),
                null,
                null,
                null,
                new ModelSecondServer(vertx),
                new TellingElsewhere(telling, new Hooks()));
    }

    @AfterEach
    void close() {
        vertx.close();
    }

    @Test
    void an_old_server_that_does_not_answer_any_more_is_waited_for_and_then_told_with_what_to_do_there() {
        Next<RollbackState> soon = givenUpAfter(Duration.ofSeconds(20));
        assertThat(soon.state()).isEqualTo(INSTALLING);

        Next<RollbackState> later = givenUpAfter(Duration.ofMinutes(3));
        assertThat(later.finished()).isTrue();
        assertThat(later.announcements()).singleElement().isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.state()).startsWith("not known").contains("old database is closed");
            assertThat(failed.reason()).startsWith("the copy is gone");
            assertThat(failed.next()).contains("select ripcord.reopen('shop')");
        });
    }

    private Next<RollbackState> givenUpAfter(Duration time) {
        Instant since = Instant.now().minus(time);
        return elsewhere.giveUp(
                new Task<>("rollback", "r1", "shop", INSTALLING, 1, 4, since, since, List.of()),
                INSTALLING,
                "the copy is gone");
    }
}
