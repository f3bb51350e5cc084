package dev.ripcord.rollback.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.rollback.core.Approval.Awaited;
import dev.ripcord.rollback.core.Approval.Denied;
import dev.ripcord.rollback.core.Approval.Given;
import dev.ripcord.rollback.core.Approval.Said;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalTest {

    private static final Instant SINCE = Instant.parse("2026-11-21T02:00:00Z");
    private static final Plan PLAN =
            new Plan("full", "s", Instant.EPOCH, true, true, List.of(), 100, "word", EnrolledDatabase.WORD, "the-hash");
    private static final Plan BY_ITSELF =
            new Plan("full", "s", Instant.EPOCH, true, true, List.of(), 100, "automatic", null, "the-hash");

    /**
     * Who says it ({@code !} breaks the glass, {@code ~} names another plan, {@code ?} types another word), and by which
     * way.
     */
    @ParameterizedTest(name = "{0}, {1} approvers, {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "production  | 0 |                           | 0 of 2; still needed: 2 other than ann",
                "production  | 0 | token ben                 | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "production  | 0 | token ben, token ben      | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "production  | 0 | token ben, token BEN      | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "production  | 0 | token ben, token ann      | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "production  | 0 | token ben, token Ann      | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "production  | 0 | token ben, kafka cleo     | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "production  | 0 | kafka ben, kafka cleo     | 0 of 2; still needed: 2 other than ann",
                "production  | 0 | kafka ben!                | 0 of 2; still needed: 2 other than ann",
                "production  | 0 | kafka ben?                | 0 of 2; still needed: 2 other than ann",
                "production  | 0 | token ben~, token cleo    | 1 of 2 (cleo); still needed: 1 other than ann and cleo",
                "production  | 0 | token ben!~               | 0 of 2; still needed: 2 other than ann",
                "production  | 0 | token ben!?               | 0 of 2; still needed: 2 other than ann",
                "production  | 0 | token ben, token cleo     | given by ben and cleo",
                "production  | 0 | kafka x~, token ben, token cleo | given by ben and cleo",
                "production  | 0 | token ann!                | given by ann alone",
                "production  | 3 | token ben, token cleo     | 2 of 3 (ben, cleo); still needed: 1 other than ann and ben and cleo",
                "production  | 1 | token ann                 | given by ann",
                "production  | 1 | kafka ben                 | 0 of 1; still needed: 1",
                "staging     | 0 | kafka ann                 | given by ann",
                "staging     | 0 | kafka ben!                | given by ben",
                "staging     | 0 | kafka ben~                | denied: another plan",
                "staging     | 0 | kafka ben?                | denied: another word",
                "staging     | 2 | kafka ann, kafka ben      | 1 of 2 (ben); still needed: 1 other than ann and ben",
                "staging     | 2 | kafka ben, token cleo     | given by ben and cleo",
                "development | 0 |                           | given by policy of development",
                "development | 0 | kafka ben~                | given by policy of development"
            })
    void what_counts(Environment environment, int approvers, @Nullable String said, String expected) {
        Plan plan = environment == Environment.development ? BY_ITSELF : PLAN;
        Approval approval = Approval.decide(database(environment, approvers), "ann", plan, SINCE, said(said));
        String found = switch (approval) {
            case Given given -> "given by " + given.by();
            case Awaited awaited -> awaited.standing().line();
            case Denied denied ->
                "denied: " + (denied.reason().contains("another plan") ? "another plan" : "another word");
        };
        assertThat(found).isEqualTo(expected);
        assertThat(approval instanceof Given given && given.glassBroken() != null)
                .isEqualTo(expected.endsWith(" alone"));
    }

    @Test
    void where_the_plan_asks_for_a_person_no_policy_takes_his_place() {
        EnrolledDatabase development = database(Environment.development, 0);
        assertThat(Approval.decide(development, "alerts", PLAN, SINCE, List.of()))
                .isInstanceOf(Awaited.class);
        assertThat(Approval.decide(development, "alerts", PLAN, SINCE, said("token ben")))
                .isInstanceOf(Given.class);
        assertThat(Approval.decide(database(Environment.staging, 0), "alerts", BY_ITSELF, SINCE, List.of()))
                .as("and no plan that of the environment's")
                .isInstanceOf(Awaited.class);
    }

    @Test
    void what_was_said_over_kafka_of_an_earlier_plan_of_the_same_rollback_is_passed_over() {
        Said earlier =
                new Said(new Approved("shop", "r1", "old", EnrolledDatabase.WORD, "ben"), SINCE.minusSeconds(1), false);
        Said now = new Said(new Approved("shop", "r1", "the-hash", EnrolledDatabase.WORD, "ben"), SINCE, false);
        EnrolledDatabase staging = database(Environment.staging, 0);
        assertThat(Approval.decide(staging, "ann", PLAN, SINCE, List.of(earlier)))
                .isInstanceOf(Awaited.class);
        assertThat(Approval.decide(staging, "ann", PLAN, SINCE, List.of(earlier, now)))
                .isInstanceOf(Given.class);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"confirm_full_restore", "CONFIRM_FULL_RESTORE ", "CONFIRM_RESTORE", "yes"})
    void any_other_word_is_an_objection(@Nullable String word) {
        Approved approved = new Approved("shop", "r1", "the-hash", word, "ben");
        assertThat(Approval.objection(database(Environment.production, 0), "ann", PLAN, List.of(), approved))
                .hasValueSatisfying(reason -> assertThat(reason).contains("another word than CONFIRM_FULL_RESTORE"));
    }

    private static List<Said> said(@Nullable String said) {
        if (said == null) return List.of();
        return Arrays.stream(said.split(", ")).map(ApprovalTest::one).toList();
    }

    private static Said one(String said) {
        String who = said.substring(6);
        return new Said(
                new Approved(
                        "shop",
                        "r1",
                        who.contains("~") ? "another-hash" : "the-hash",
                        who.contains("?") ? "yes" : EnrolledDatabase.WORD,
                        who.replaceAll("[!~?]", ""),
                        who.contains("!") ? "nobody answers" : null),
                SINCE.plusSeconds(1),
                said.startsWith("token"));
    }

    private static EnrolledDatabase database(Environment environment, int approvers) {
        EnrolledDatabase.Role role = new EnrolledDatabase.Role("r", new Secret("NONE", null));
        return new EnrolledDatabase(
                "shop",
                environment,
                new EnrolledDatabase.Server("nowhere", 0, "shop", null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 0),
                new EnrolledDatabase.RollbackPolicy(null, approvers, 0, 0, 0),
                null,
                null,
                null);
    }
}
