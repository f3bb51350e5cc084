package dev.ripcord.rollback.core;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a plan may be carried out. What comes over Kafka carries only a name, which whoever may write there can choose: in
 * production it does not count, only what came over HTTP with a token does.
 */
public sealed interface Approval {

    /**
     * It may.
     *
     * @param by who or what allowed it
     * @param glassBroken why one person alone could allow it, null where nobody did so
     */
    record Given(String by, @Nullable String glassBroken) implements Approval {}

    /** Not all who must have said anything yet. */
    record Awaited(Standing standing) implements Approval {}

    /** It may not. */
    record Denied(String reason) implements Approval {}

    /**
     * What somebody said.
     *
     * @param at when
     * @param byToken whether it came with a token, so that the name is known to be his
     */
    record Said(Approved approved, Instant at, boolean byToken) {}

    /** Decides by the policy of the database and what has been said; {@code since} is when the plan began to wait. */
    static Approval decide(EnrolledDatabase database, String requestedBy, Plan plan, Instant since, List<Said> said) {
        return switch (needed(database, plan)) {
            case automatic -> new Given("policy of " + database.environment(), null);
            case word -> counted(database, requestedBy, plan, since, said);
        };
    }

    /**
     * A database that is built anew loses every row: no policy approves that. What a monitor asks for may need a person
     * where what a person asks for does not; the plan says so.
     */
    private static EnrolledDatabase.Approval needed(EnrolledDatabase database, Plan plan) {
        boolean byPlan = plan.method().equals(Rung.rebuild.name())
                || plan.consent().approval().equals(EnrolledDatabase.Approval.word.name());
        return byPlan ? EnrolledDatabase.Approval.word : database.approval();
    }

    private static Approval counted(
            EnrolledDatabase database, String requestedBy, Plan plan, Instant since, List<Said> said) {
        for (Said each : said) {
            if (!counts(database, each.byToken())) continue;
            Optional<String> mismatch = mismatch(plan, each.approved());
            if (mismatch.isPresent() && !each.byToken() && !each.at().isBefore(since)) {
                return new Denied(mismatch.get());
            }
            String alone = each.approved().glassBroken();
            if (mismatch.isEmpty() && each.byToken() && alone != null) {
                return new Given(each.approved().approver() + " alone", alone);
            }
        }
        Standing standing = standing(database, requestedBy, plan, said);
        return standing.missing() > 0
                ? new Awaited(standing)
                : new Given(String.join(" and ", standing.approvedBy()), null);
    }

    /** Who has approved this very plan so far. What was said of an earlier plan of the same rollback is passed over. */
    static Standing standing(EnrolledDatabase database, String requestedBy, Plan plan, List<Said> said) {
        if (needed(database, plan) == EnrolledDatabase.Approval.automatic) return new Standing(0, List.of(), null);
        int needed = database.rollback().approvers();
        String excluded = needed == 1 ? null : requestedBy;
        Map<String, String> approvers = new LinkedHashMap<>();
        for (Said each : said) {
            String approver = each.approved().approver();
            if (counts(database, each.byToken())
                    && mismatch(plan, each.approved()).isEmpty()
                    && !(excluded != null && same(approver, excluded))) {
                approvers.putIfAbsent(key(approver), approver);
            }
        }
        return new Standing(needed, List.copyOf(approvers.values()), excluded);
    }

    /** Why this person cannot approve the plan so; empty where it is right. */
    static Optional<String> objection(
            EnrolledDatabase database, String requestedBy, Plan plan, List<Said> said, Approved approved) {
        Optional<String> mismatch = mismatch(plan, approved);
        if (mismatch.isPresent() || approved.glassBroken() != null) return mismatch;
        Standing standing = standing(database, requestedBy, plan, said);
        String approver = approved.approver();
        if (standing.excluded() != null && same(approver, standing.excluded())) {
            return Optional.of(approver + " asked for this rollback and cannot approve it; " + standing.line());
        }
        if (standing.approvedBy().stream().anyMatch(each -> same(each, approver))) {
            return Optional.of(approver + " has approved this plan already and counts once; " + standing.line());
        }
        return Optional.empty();
    }

    /** Whether an approval counts that came in this way. */
    static boolean counts(EnrolledDatabase database, boolean byToken) {
        return byToken || database.environment() != Environment.production;
    }

    private static Optional<String> mismatch(Plan plan, Approved approved) {
        if (!plan.hash().equals(approved.planHash())) {
            return Optional.of(approved.approver() + " approved another plan: expected the hash " + plan.hash()
                    + ", found " + approved.planHash());
        }
        if (plan.word() != null && !plan.word().equals(approved.word())) {
            return Optional.of(approved.approver() + " typed another word than " + plan.word());
        }
        return Optional.empty();
    }

    private static boolean same(String one, String other) {
        return key(one).equals(key(other));
    }

    /** Two spellings of one name are not two people. */
    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
