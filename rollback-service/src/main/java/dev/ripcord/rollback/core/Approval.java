package dev.ripcord.rollback.core;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a plan may be carried out. */
public sealed interface Approval {

    /** It may; {@code by} says who or what allowed it. */
    record Given(String by) implements Approval {}

    /** Not all who must have said anything yet. */
    record Awaited() implements Approval {}

    /** It may not. */
    record Denied(String reason) implements Approval {}

    /** Decides by the policy of the database and what has been said. */
    static Approval decide(EnrolledDatabase database, String requestedBy, Plan plan, List<Approved> said) {
        // a database that is built anew loses every row: no policy approves that
        EnrolledDatabase.Approval needed =
                plan.method().equals(Rung.rebuild.name()) ? EnrolledDatabase.Approval.word : database.approval();
        return switch (needed) {
            case automatic -> new Given("policy of " + database.environment());
            case word -> counted(database, requestedBy, plan, said);
        };
    }

    private static Approval counted(EnrolledDatabase database, String requestedBy, Plan plan, List<Approved> said) {
        Set<String> approvers = new LinkedHashSet<>();
        for (Approved each : said) {
            if (check(plan, each.planHash(), each.word(), each.approver()) instanceof Denied denied) return denied;
            if (mayApprove(database, requestedBy, each.approver())) approvers.add(each.approver());
        }
        return approvers.size() < database.rollback().approvers()
                ? new Awaited()
                : new Given(String.join(" and ", approvers));
    }

    /** Whether this person's approval counts: where several are needed, nobody approves what he asked for himself. */
    static boolean mayApprove(EnrolledDatabase database, String requestedBy, String approver) {
        return database.rollback().approvers() == 1 || !approver.equals(requestedBy);
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
