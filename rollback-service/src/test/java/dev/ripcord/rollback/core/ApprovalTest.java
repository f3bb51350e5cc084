package dev.ripcord.rollback.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalTest {

    private static final Plan PLAN =
            new Plan("full", "s", Instant.EPOCH, true, true, List.of(), 100, "word", EnrolledDatabase.WORD, "the-hash");

    @Test
    void the_word_for_the_plan_that_was_seen_is_an_approval() {
        assertThat(Approval.check(PLAN, "the-hash", EnrolledDatabase.WORD, "ann"))
                .isEqualTo(new Approval.Given("ann"));
    }

    @Test
    void where_two_must_approve_two_others_than_the_requester_do_for_the_same_plan() {
        EnrolledDatabase database = database(2);

        assertThat(Approval.decide(database, "ann", PLAN, List.of(said("ann"), said("ben"), said("ben"))))
                .isInstanceOf(Approval.Awaited.class);
        assertThat(Approval.decide(database, "ann", PLAN, List.of(said("ann"), said("ben"), said("cleo"))))
                .isEqualTo(new Approval.Given("ben and cleo"));
        assertThat(Approval.decide(database(1), "ann", PLAN, List.of(said("ann"))))
                .isEqualTo(new Approval.Given("ann"));
    }

    private static Approved said(String approver) {
        return new Approved("shop", "r1", "the-hash", EnrolledDatabase.WORD, approver);
    }

    private static EnrolledDatabase database(int approvers) {
        EnrolledDatabase.Role role = new EnrolledDatabase.Role("r", new Secret("NONE", null));
        return new EnrolledDatabase(
                "shop",
                EnrolledDatabase.Environment.production,
                new EnrolledDatabase.Server("nowhere", 0, "shop", null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 0),
                new EnrolledDatabase.RollbackPolicy(null, approvers, 0, 0),
                null,
                null,
                null);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"confirm_full_restore", "CONFIRM_FULL_RESTORE ", "CONFIRM_RESTORE", "yes"})
    void any_other_word_is_not(String word) {
        assertThat(Approval.check(PLAN, "the-hash", word, "ann")).isInstanceOf(Approval.Denied.class);
    }

    @Test
    void the_word_for_another_plan_is_not() {
        assertThat(Approval.check(PLAN, "another-hash", EnrolledDatabase.WORD, "ann"))
                .isInstanceOf(Approval.Denied.class);
    }
}
