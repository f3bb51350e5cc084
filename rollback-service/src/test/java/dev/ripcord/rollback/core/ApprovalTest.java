package dev.ripcord.rollback.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Plan;
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
