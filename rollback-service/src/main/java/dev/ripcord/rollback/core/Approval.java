package dev.ripcord.rollback.core;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a plan may be carried out. */
public sealed interface Approval {

    /** It may; {@code by} says who or what allowed it. */
    record Given(String by) implements Approval {}

    /** Nobody has said anything yet. */
    record Awaited() implements Approval {}

    /** It may not. */
    record Denied(String reason) implements Approval {}

    /** Decides by the policy of the database and what has been said. */
    static Approval decide(EnrolledDatabase database, Plan plan, Optional<Approved> said) {
        return switch (database.approval()) {
            case automatic -> new Given("policy of " + database.environment());
            case word ->
                said.map(approved -> check(plan, approved.planHash(), approved.word(), approved.approver()))
                        .orElseGet(Awaited::new);
        };
    }

    /** Compares what an approver said with the plan. */
    static Approval check(Plan plan, String planHash, @Nullable String word, String approver) {
        if (!plan.hash().equals(planHash)) {
            return new Denied(approver + " approved another plan: the plan's hash is " + plan.hash());
        }
        if (plan.word() != null && !plan.word().equals(word)) {
            return new Denied(approver + " typed another word than " + plan.word());
        }
        return new Given(approver);
    }
}
