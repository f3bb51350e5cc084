package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Failed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Cancelled;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.Shadow;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A rollback that does not get through, and has to leave all as it was. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class StuckTest {

    private static final String R = "r-stuck";
    private static final Map<String, String> SIGNED =
            Map.of("word", EnrolledDatabase.REOPEN_WORD, "reason", "we cannot wait");

    @TestHTTPResource("/")
    URI service;

    private Suite suite;
    private People people;

    @BeforeEach
    void open() {
        suite = new Suite();
        people = new People(service);
    }

    @AfterEach
    void close() throws InterruptedException, SQLException {
        OnServer.execute("ripcord_admin", "drop trigger if exists jam on ripcord.act");
        suite.close();
    }

    @Test
    void raises_an_alarm_and_is_given_up_at_a_persons_word() throws SQLException {
        suite.snapshot("stuck", "st");
        jam(R, "swapped", "opened");
        try (Connection reader = Shops.connect("postgres");
                Statement statement = reader.createStatement()) {
            // whoever reads the list of databases in a long transaction: nobody can be held off, the database is closed
            reader.setAutoCommit(false);
            statement.execute("select count(*) from pg_database");
            suite.publish(new Requested("stuck", R, null, null, null, "the migration broke it", "tester"));
            await().atMost(Duration.ofSeconds(30)).until(() -> state().equals("Abandoning"));
            reader.rollback();
        }
        assertThatThrownBy(() -> Shops.connect("stuck")).hasMessageContaining("not currently accepting connections");
        OnServer.agedBy(R, "31 seconds");

        RollbackEvent.Overdue overdue = suite.hears(
                RollbackEvent.Overdue.class, event -> event.rollback().equals(R));
        assertThat(overdue.state()).isEqualTo("Abandoning");
        assertThat(overdue.closed()).isTrue();
        assertThat(overdue.limitSeconds()).isEqualTo(30);
        assertThat(overdue.next()).startsWith("ripcord rollback reopen r-stuck --word CONFIRM_REOPEN");

        suite.publish(new ReopenAsked("stuck", R, "over Kafka anybody could ask", "ben"));
        assertThat(people.asks("ann", "requester", "rollbacks/r-stuck/reopen", SIGNED)
                        .status())
                .isEqualTo(403);
        assertThat(people.asks(
                                "ben",
                                "approver",
                                "rollbacks/r-stuck/reopen",
                                Map.of("word", "yes", "reason", "we cannot wait"))
                        .status())
                .isEqualTo(422);
        assertThatThrownBy(() -> Shops.connect("stuck")).hasMessageContaining("not currently accepting connections");

        People.Answer answer = people.asks("ben", "approver", "rollbacks/r-stuck/reopen", SIGNED);
        assertThat(answer.body().path("done").asText())
                .as("the procedure may have heard of it first")
                .containsAnyOf("is open again as it was", "was open already; the rollback is given up");
        Shops.connect("stuck").close();
        Failed failed = suite.hears(Failed.class, event -> event.rollback().equals(R));
        assertThat(failed.state()).contains("the live database is open as it was");
        assertThat(people.asks("ben", "approver", "rollbacks/r-stuck/reopen", SIGNED)
                        .body()
                        .path("done")
                        .asText())
                .as("a second time")
                .startsWith("nothing");
        assertThat(OnServer.text(
                        "ripcord_admin",
                        "select detail ->> 'by' from ripcord.act where step = 'reopened' and command = 'r-stuck'"))
                .isEqualTo("ben");
        assertThat(people.looks("vic", "viewer", "audit?limit=1000&rollback=r-stuck")
                        .body()
                        .findValuesAsText("type"))
                .contains("rollback.overdue", "rollback.approval-refused", "rollback.reopened", "rollback.failed");
        assertThat(suite.count(event -> event instanceof RollbackEvent.Overdue again
                        && again.rollback().equals(R)))
                .isOne();
    }

    @Test
    void says_so_though_a_person_has_removed_the_copy_meanwhile() throws SQLException {
        Shadow copy = suite.snapshot("copyless", "co");
        jam("r-copyless", "swapped", "sealed");
        suite.publish(new Requested("copyless", "r-copyless", null, null, null, "the migration broke it", "tester"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> OnServer.count(
                                "select count(*) from rollback.task where id = 'r-copyless' and state = 'Abandoning' and attempts > 0")
                        == 1);

        OnServer.execute("postgres", "drop database " + copy.name() + " with (force)");

        Failed failed = suite.hears(Failed.class, event -> event.rollback().equals("r-copyless"));
        assertThat(failed.state()).contains("the live database is open as it was");
        Shops.connect("copyless").close();
    }

    @Test
    void opens_what_it_has_closed_and_does_not_remember_when_it_is_refused() throws SQLException {
        planned("r-forgotten", "fo");
        People.Answer answer = people.asks("ben", "approver", "rollbacks/r-forgotten/reopen", SIGNED);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("reason").asText())
                .contains("is in state Approving and does not hold forgotten closed");
        assertThat(answer.body().path("next").asText()).isEqualTo("ripcord rollback status r-forgotten");
        closedBy("r-forgotten");

        suite.publish(new Cancelled("forgotten", "r-forgotten", "not needed", "ann"));

        suite.hears(Refused.class, event -> event.rollback().equals("r-forgotten"));
        Shops.connect("forgotten").close();
    }

    @Test
    void is_opened_at_a_persons_word_also_where_it_has_ended_and_does_not_remember() throws SQLException {
        planned("r-ended", "en");
        suite.publish(new Cancelled("forgotten", "r-ended", "not needed", "ann"));
        suite.hears(Refused.class, event -> event.rollback().equals("r-ended"));
        closedBy("r-ended");

        People.Answer answer = people.asks("ben", "approver", "rollbacks/r-ended/reopen", SIGNED);

        assertThat(answer.body().path("done").asText()).contains("is open again as it was");
        Shops.connect("forgotten").close();
    }

    private void planned(String rollback, String snapshot) throws SQLException {
        suite.snapshot("forgotten", snapshot);
        suite.migrated("forgotten", snapshot);
        suite.publish(new Requested("forgotten", rollback, null, null, null, "the migration broke it", "tester"));
        suite.hears(RollbackEvent.Planned.class, event -> event.rollback().equals(rollback));
    }

    /** As the server is where the service's own state was set back to before the fence. */
    private static void closedBy(String rollback) throws SQLException {
        OnServer.text("ripcord_admin", """
                select ripcord.close(database_id, marker::text, (select system_identifier::text from pg_control_system()),
                                     '%s', 99, live_oid, false)::text
                  from ripcord.enrolment where database_id = 'forgotten'""".formatted(rollback));
        assertThatThrownBy(() -> Shops.connect("forgotten"))
                .hasMessageContaining("not currently accepting connections");
    }

    /** These steps cannot be written down, so they are not done. */
    private static void jam(String rollback, String... steps) throws SQLException {
        OnServer.execute(
                "ripcord_admin",
                """
                create or replace function public.jam() returns trigger language plpgsql as $$ begin
                    if new.command = '%s' and new.step in ('%s') then raise exception 'jammed'; end if;
                    return new; end $$""".formatted(rollback, String.join("', '", steps)),
                "create or replace trigger jam before insert on ripcord.act for each row execute function public.jam()");
    }

    private String state() {
        return people.looks("vic", "viewer", "rollbacks/r-stuck")
                .body()
                .path("state")
                .asText();
    }
}
