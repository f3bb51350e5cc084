package dev.ripcord.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollback is going to do, before it does anything.
 *
 * @param method of the rung that is planned: {@code full}, {@code undo}, {@code schema}, {@code partial}, {@code down},
 *     {@code sql}, {@code application} or {@code rebuild}
 * @param target what comes back
 * @param losses what the live database has that the target has not, and the other way round
 * @param estimate how long it is expected to take
 * @param consent who must approve it, and how
 * @param times when it was made, and until when it can be approved
 * @param steps what is done, in order, for people; empty for the swap of the whole database
 * @param rungs the methods that are tried next where this one cannot be had
 * @param obstacles what stands in the way, or must be looked after
 * @param advice what the decision policy says, null where it was not asked
 * @param deployments what was told of rollouts lately, newest first: which release, who, which image, when; null where
 *     nothing was
 * @param facts what it rests on: compared again before anything is done
 * @param hash SHA-256 of all the above but {@code times}, hexadecimal; an approval names it
 */
public record Plan(
        String method,
        Target target,
        Losses losses,
        Estimate estimate,
        Consent consent,
        Times times,
        @Nullable List<String> steps,
        @Nullable List<String> rungs,
        List<Obstacle> obstacles,
        @Nullable Advice advice,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Deployed> deployments,
        Facts facts,
        String hash) {

    public Plan {
        deployments = deployments == null ? null : List.copyOf(deployments);
        steps = steps == null ? List.of() : List.copyOf(steps);
        rungs = rungs == null ? List.of() : List.copyOf(rungs);
        obstacles = List.copyOf(obstacles);
    }

    /** Where nothing is known of rollouts. */
    public Plan(
            String method,
            Target target,
            Losses losses,
            Estimate estimate,
            Consent consent,
            Times times,
            @Nullable List<String> steps,
            @Nullable List<String> rungs,
            List<Obstacle> obstacles,
            @Nullable Advice advice,
            Facts facts,
            String hash) {
        this(method, target, losses, estimate, consent, times, steps, rungs, obstacles, advice, null, facts, hash);
    }

    /** The swap of the whole database, with nothing known but its loss. */
    public Plan(
            String method,
            String snapshot,
            Instant takenAt,
            boolean proven,
            boolean warmShadow,
            List<TableLoss> loss,
            long outageMillis,
            String approval,
            @Nullable String word,
            String hash) {
        this(
                method,
                new Target(snapshot, takenAt, proven, warmShadow),
                new Losses(loss, List.of(), List.of(), ""),
                new Estimate(outageMillis, null, 0, ""),
                new Consent(approval, word, 1),
                new Times(takenAt, Instant.parse("9999-12-31T23:59:59Z")),
                List.of(),
                List.of(),
                List.of(),
                null,
                new Facts("", 0, null),
                hash);
    }

    /**
     * What comes back.
     *
     * @param snapshot the snapshot that comes back; for an undo the rollback that is taken back; for a database built anew
     *     {@code rebuild/} and the digest of its scripts
     * @param takenAt the moment whose state comes back
     * @param proven whether the snapshot was restored and found equal to its manifest
     * @param warmShadow whether its shadow is ready, or must be made first
     */
    public record Target(String snapshot, Instant takenAt, boolean proven, boolean warmShadow) {}

    /**
     * What going back loses, and what it brings back.
     *
     * @param tables rows per table, what the live database has more than the target
     * @param vanishing what was made since and will be gone
     * @param returning what was taken away since and will be there again, or the other way round, in sentences
     * @param basis what the figures rest on, for people
     */
    public record Losses(List<TableLoss> tables, List<Vanishing> vanishing, List<String> returning, String basis) {
        public Losses {
            tables = List.copyOf(tables);
            vanishing = List.copyOf(vanishing);
            returning = List.copyOf(returning);
        }

        /** Whether a method counts rows before: what statements take away that people wrote shows when they have run. */
        public static boolean countedBy(String method) {
            return !method.equals("down") && !method.equals("sql");
        }
    }

    /**
     * An object of the schema that is not in the target.
     *
     * @param kind for example {@code table} or {@code column}
     * @param name qualified and quoted
     * @param values how many rows a table has, how many values a column; null where they were not counted
     */
    public record Vanishing(
            String kind, String name, @Nullable Long values) {}

    /**
     * How long it is expected to take.
     *
     * @param outageMillis how long the application is expected to be without its database
     * @param durationMillis from approval to outcome, null where nothing is known
     * @param rollbacks how many finished rollbacks of this database the figures are the median of
     * @param basis what they rest on, for people
     */
    public record Estimate(long outageMillis, @Nullable Long durationMillis, int rollbacks, String basis) {}

    /**
     * Who must approve it.
     *
     * @param approval {@code automatic} or {@code word}
     * @param word the word that an approver must type, null where approval is automatic
     * @param approvers how many
     */
    public record Consent(String approval, @Nullable String word, int approvers) {}

    /**
     * Its own times.
     *
     * @param madeAt when the facts were found out
     * @param expiresAt after this it must be made again
     */
    public record Times(Instant madeAt, Instant expiresAt) {}

    /**
     * Something on the server that stands in the way, or that somebody must look after.
     *
     * @param kind for example {@code prepared transaction}, {@code logical slot} or {@code disk space}
     * @param what who or what it is
     * @param advice what to do about it
     * @param stops whether nothing is done while it is there
     */
    public record Obstacle(String kind, String what, String advice, boolean stops) {}

    /**
     * What the decision policy says of going back.
     *
     * @param decision {@code roll back}, {@code fix forward}, {@code watch} or {@code refuse}
     * @param rule the name of the rule that decided
     * @param overridable whether a person may go back all the same
     * @param byItself whether it may begin without a person
     * @param reasons in sentences
     * @param fixes how the database could be mended where it is instead
     */
    public record Advice(
            String decision,
            String rule,
            boolean overridable,
            boolean byItself,
            List<String> reasons,
            List<Fix> fixes) {
        public Advice {
            reasons = List.copyOf(reasons);
            fixes = List.copyOf(fixes);
        }
    }

    /**
     * A way to mend the database where it is; nothing runs it.
     *
     * @param what in one sentence
     * @param sql null where no statement can be suggested
     * @param caution what to know before, empty where there is nothing
     */
    public record Fix(String what, @Nullable String sql, String caution) {}

    /**
     * What was told of one rollout.
     *
     * @param what {@code started}, {@code completed}, {@code failed}, or another thing in the words of CDEvents
     * @param at when, by its sender's clock
     */
    public record Deployed(
            String deployment,
            String what,
            @Nullable String release,
            @Nullable String by,
            @Nullable String service,
            @Nullable String environment,
            @Nullable String image,
            @Nullable String detail,
            Instant at) {}

    /**
     * What must still be so when it is carried out.
     *
     * @param systemIdentifier the server ({@code pg_control_system()})
     * @param databaseOid the object id of the live database
     * @param schemaFingerprint of the live database as in a {@link Manifest}, null where it was not computed
     */
    public record Facts(
            String systemIdentifier,
            long databaseOid,
            @Nullable String schemaFingerprint) {}

    /** What is done, in order; none for the swap of the whole database. */
    @Override
    public List<String> steps() {
        return steps == null ? List.of() : steps;
    }

    /** The methods that are tried next. */
    @Override
    public List<String> rungs() {
        return rungs == null ? List.of() : rungs;
    }

    /** The snapshot that comes back; for an undo the rollback that is taken back. */
    public String snapshot() {
        return target.snapshot();
    }

    /** The moment whose state comes back. */
    public Instant takenAt() {
        return target.takenAt();
    }

    /** Whether the snapshot was restored and found equal to its manifest. */
    public boolean proven() {
        return target.proven();
    }

    /** Whether its shadow is ready, or must be made first. */
    public boolean warmShadow() {
        return target.warmShadow();
    }

    /** Rows per table. */
    public List<TableLoss> loss() {
        return losses.tables();
    }

    /** How long the application is expected to be without its database. */
    public long estimatedOutageMillis() {
        return estimate.outageMillis();
    }

    /** {@code automatic} or {@code word}. */
    public String approval() {
        return consent.approval();
    }

    /** The word that an approver must type, null where approval is automatic. */
    public @Nullable String word() {
        return consent.word();
    }

    /** Whether it is too old to be carried out. */
    public boolean expired(Instant now) {
        return now.isAfter(times.expiresAt());
    }

    /** The same with its hash. */
    public Plan hashed(String hash) {
        return copy(times, deployments, hash);
    }

    /** The same as if it had been made at another time: what its hash is computed from. */
    public Plan at(Times other) {
        return copy(other, deployments, hash);
    }

    /** The same with what was told of rollouts. */
    public Plan after(List<Deployed> told) {
        return copy(times, told.isEmpty() ? null : told, hash);
    }

    private Plan copy(Times times, @Nullable List<Deployed> deployments, String hash) {
        return new Plan(
                method,
                target,
                losses,
                estimate,
                consent,
                times,
                steps,
                rungs,
                obstacles,
                advice,
                deployments,
                facts,
                hash);
    }
}
