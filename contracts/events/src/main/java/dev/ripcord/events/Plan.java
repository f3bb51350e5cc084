package dev.ripcord.events;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rollback is going to do, before it does anything.
 *
 * @param method of the rung that is planned: {@code full}, {@code undo}, {@code schema}, {@code partial}, {@code down},
 *     {@code sql}, {@code application} or {@code rebuild}
 * @param snapshot the snapshot that comes back; for an undo the rollback that is taken back; for a database built anew
 *     {@code rebuild/} and the digest of its scripts
 * @param takenAt the moment whose state comes back
 * @param proven whether the snapshot was restored and found equal to its manifest
 * @param warmShadow whether its shadow is ready, or must be made first
 * @param loss per table, what the live database has more than the snapshot
 * @param estimatedOutageMillis how long the application is expected to be without its database
 * @param approval {@code automatic} or {@code word}
 * @param word the word that an approver must type, null where approval is automatic
 * @param steps what is done, in order, for people; empty for the swap of the whole database
 * @param rungs the methods that are tried next where this one cannot be had
 * @param hash SHA-256 of all the above, hexadecimal; an approval names it
 */
public record Plan(
        String method,
        String snapshot,
        Instant takenAt,
        boolean proven,
        boolean warmShadow,
        List<TableLoss> loss,
        long estimatedOutageMillis,
        String approval,
        @Nullable String word,
        @Nullable List<String> steps,
        @Nullable List<String> rungs,
        String hash) {

    public Plan {
        loss = List.copyOf(loss);
        steps = steps == null ? List.of() : List.copyOf(steps);
        rungs = rungs == null ? List.of() : List.copyOf(rungs);
    }

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

    /** The swap of the whole database. */
    public Plan(
            String method,
            String snapshot,
            Instant takenAt,
            boolean proven,
            boolean warmShadow,
            List<TableLoss> loss,
            long estimatedOutageMillis,
            String approval,
            @Nullable String word,
            String hash) {
        this(
                method,
                snapshot,
                takenAt,
                proven,
                warmShadow,
                loss,
                estimatedOutageMillis,
                approval,
                word,
                List.of(),
                List.of(),
                hash);
    }

    /** The same with its hash. */
    public Plan hashed(String hash) {
        return new Plan(
                method,
                snapshot,
                takenAt,
                proven,
                warmShadow,
                loss,
                estimatedOutageMillis,
                approval,
                word,
                steps,
                rungs,
                hash);
    }
}
