package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackEvent.ApprovalRefused;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Confirmed;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people with tokens can, and cannot, cause in production. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class TwoPeopleTest {

    private static final String WORD = EnrolledDatabase.WORD;

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
    void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void two_others_than_the_requester_approve_the_same_plan_and_whatever_else_is_said_does_not_count()
            throws SQLException {
        String hash = asked("two", "r-two");
        assertThat(approvals("r-two")).isEqualTo("0 of 2; still needed: 2 other than ann");

        refused("ann", hash, WORD, "ann asked for this rollback");
        refused("ANN ", hash, WORD, "asked for this rollback");
        refused("ben", "0000", WORD, "another plan: expected the hash " + hash);
        refused("ben", hash, "CONFIRM_RESTORE", "another word than " + WORD);
        refused("ben", hash, "", "another word than " + WORD);
        assertThat(approvals("r-two")).startsWith("0 of 2");

        assertThat(approve("ben", hash, WORD).status()).isEqualTo(202);
        refused("ben", hash, WORD, "ben has approved this plan already");
        assertThat(approvals("r-two")).isEqualTo("1 of 2 (ben); still needed: 1 other than ann and ben");

        assertThat(approve("cleo", hash, WORD).status()).isEqualTo(202);
        suite.hears(Completed.class, event -> event.rollback().equals("r-two"));
        assertThat(suite.hears(
                                RollbackEvent.Started.class,
                                event -> event.rollback().equals("r-two"))
                        .approvedBy())
                .isEqualTo("ben and cleo");
        assertThat(approve("dora", hash, WORD).status()).isEqualTo(409);
        assertThat(suite.count(event ->
                        event instanceof ApprovalRefused no && no.rollback().equals("r-two")))
                .as("each attempt is told")
                .isGreaterThanOrEqualTo(6);
        assertThat(people.looks("vic", "viewer", "audit?limit=1000&rollback=r-two")
                        .body()
                        .findValuesAsText("type"))
                .contains("rollback.approval-refused", "rollback.approved", "rollback.completed");
    }

    @Test
    void names_that_come_over_kafka_do_not_count_in_production_nor_does_a_claim_to_have_come_over_http()
            throws SQLException {
        String hash = asked("forged", "r-forged");
        for (String name : new String[] {"ben", "cleo"}) {
            suite.publish(new Approved("forged", "r-forged", hash, WORD, name));
            suite.publish(new Approved("forged", "r-forged", hash, WORD, name, "I am the administrator"));
            suite.publish(
                    Envelope.of("/ripcord/people/rollback", new Approved("forged", "r-forged", hash, WORD, name)));
        }
        assertThat(suite.hears(
                                ApprovalRefused.class,
                                event -> event.rollback().equals("r-forged")
                                        && event.approver().equals("cleo"))
                        .reason())
                .contains("over Kafka with a name alone");
        suite.publish(new Confirmed("forged", "r-forged", "dora"));
        suite.hears(
                ApprovalRefused.class,
                event -> event.rollback().equals("r-forged") && event.approver().equals("dora"));
        assertThat(approvals("r-forged")).startsWith("0 of 2");
        people.asks("ann", "requester", "rollbacks/r-forged/cancel", Map.of("reason", "enough"));
        suite.hears(Refused.class, event -> event.rollback().equals("r-forged"));
    }

    @Test
    void one_administrator_alone_breaks_the_glass_and_everybody_hears_of_it() throws SQLException {
        String hash = asked("alone", "r-alone");
        Map<String, String> said = Map.of("planHash", hash, "word", WORD, "reason", "nobody answers");
        assertThat(people.asks("ben", "approver", "rollbacks/r-alone/break-glass", said)
                        .status())
                .isEqualTo(403);
        assertThat(people.asks(
                                "ann",
                                "administrator",
                                "rollbacks/r-alone/break-glass",
                                Map.of("planHash", hash, "word", WORD, "reason", " "))
                        .status())
                .isEqualTo(400);
        assertThat(people.asks(
                                "ann",
                                "administrator",
                                "rollbacks/r-alone/break-glass",
                                Map.of("planHash", hash, "word", "yes", "reason", "nobody answers"))
                        .status())
                .isEqualTo(422);
        assertThat(people.asks("ann", "administrator", "rollbacks/r-alone/break-glass", said)
                        .status())
                .isEqualTo(202);

        Completed done = suite.hears(Completed.class, event -> event.rollback().equals("r-alone"));
        assertThat(done.glassBroken()).isEqualTo("ann: nobody answers");
        RollbackEvent.GlassBroken broken = suite.hears(
                RollbackEvent.GlassBroken.class, event -> event.rollback().equals("r-alone"));
        assertThat(broken.reason()).isEqualTo("nobody answers");
        assertThat(broken.planHash()).isEqualTo(hash);
        assertThat(people.looks("vic", "viewer", "audit?limit=1000&rollback=r-alone")
                        .body()
                        .findValuesAsText("type"))
                .contains("rollback.glass-broken");
    }

    @Test
    void a_plan_that_waited_too_long_cannot_be_approved_and_is_refused_with_an_alarm() throws SQLException {
        String hash = asked("expired", "r-expired");
        assertThat(people.asks("ben", "approver", "rollbacks/r-expired/approve", body(hash, WORD))
                        .status())
                .isEqualTo(202);
        OnServer.agedBy("r-expired", "61 minutes");

        People.Answer late = people.asks("cleo", "approver", "rollbacks/r-expired/approve", body(hash, WORD));
        assertThat(late.status()).isEqualTo(409);
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-expired"))
                        .reason())
                .isEqualTo(
                        "it was not approved within 60 minutes: 1 of 2 (ben); still needed: 1 other than ann and ben");
        RollbackEvent.Overdue overdue = suite.hears(
                RollbackEvent.Overdue.class, event -> event.rollback().equals("r-expired"));
        assertThat(overdue.state()).isEqualTo("Approving");
        assertThat(overdue.closed()).isFalse();
    }

    private String asked(String database, String rollback) throws SQLException {
        suite.snapshot(database, "s" + database.substring(0, 2));
        suite.migrated(database, "s" + database.substring(0, 2));
        assertThat(people.asks(
                                "ann",
                                "requester",
                                "rollbacks",
                                Map.of("database", database, "rollback", rollback, "reason", "prices are wrong"))
                        .status())
                .isEqualTo(202);
        RipcordEvent answer = suite.hears(
                RipcordEvent.class,
                event -> event instanceof RollbackEvent.Planned planned
                                && planned.rollback().equals(rollback)
                        || event instanceof Refused refused
                                && refused.rollback().equals(rollback));
        return assertThat(answer)
                .asInstanceOf(type(RollbackEvent.Planned.class))
                .actual()
                .plan()
                .hash();
    }

    private void refused(String name, String hash, String word, String reason) {
        People.Answer answer = approve(name, hash, word);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.reason()).contains(reason);
    }

    private People.Answer approve(String name, String hash, String word) {
        return people.asks(name, "approver", "rollbacks/r-two/approve", body(hash, word));
    }

    private static Map<String, String> body(String hash, String word) {
        return Map.of("planHash", hash, "word", word);
    }

    private String approvals(String rollback) {
        return people.looks("vic", "viewer", "rollbacks/" + rollback)
                .body()
                .path("approvals")
                .asText();
    }
}
