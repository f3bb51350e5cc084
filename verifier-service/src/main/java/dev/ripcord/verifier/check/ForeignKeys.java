package dev.ripcord.verifier.check;

import static java.util.stream.Collectors.toMap;

import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.Occasion;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No row refers to a row that is not there, but for those that did so in the snapshot. Constraints that are not validated
 * promise nothing of old rows.
 *
 * <p>It reads whole tables, about a million rows a second. Where there are many, it is asked only together with the content,
 * so that no outcome waits for it: after a swap already where there are fewer, as the copy was compared with the manifest row by
 * row and entered by nobody since.
 */
@Singleton
class ForeignKeys implements Check {

    static final long MOST_ROWS = 3_000_000;
    static final long MOST_ROWS_AFTER_A_SWAP = 500_000;

    /** Less than a rollback waits for its verdict. */
    private static final Duration OUTCOME_WAITS = Duration.ofSeconds(100);

    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Override
    public Set<Occasion> occasions() {
        return Set.of(Occasion.verification, Occasion.schema, Occasion.application);
    }

    @Override
    public String name() {
        return "foreign keys";
    }

    @Override
    public boolean applies(Context context, Occasion occasion) {
        long rows = context.manifest().tables().stream()
                .mapToLong(Manifest.Table::rows)
                .sum();
        return context.content() || rows <= (occasion == Occasion.verification ? MOST_ROWS_AFTER_A_SWAP : MOST_ROWS);
    }

    @Override
    public Duration limit(Context context) {
        boolean known = !context.manifest().tables().isEmpty();
        return known && !context.content() ? OUTCOME_WAITS : LONGEST;
    }

    @Override
    public List<Finding> run(Context context) {
        Map<String, Long> before = context.manifest().orphans().stream()
                .collect(toMap(Manifest.Orphans::foreignKey, Manifest.Orphans::rows));
        try (PgSession session = context.open(limit(context))) {
            return ManifestReader.orphans(session).stream()
                    .filter(now -> now.rows() > before.getOrDefault(now.foreignKey(), 0L))
                    .map(now -> finding(now, before.getOrDefault(now.foreignKey(), 0L)))
                    .toList();
        }
    }

    private static Finding finding(Manifest.Orphans now, long before) {
        return new Finding(
                now.foreignKey(),
                "each row has its row in " + now.referenced()
                        + (before == 0 ? "" : ", but for " + before + " as before"),
                now.rows() + (now.rows() == 1 ? " row has none" : " rows have none"));
    }
}
