package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.verifier.Shop;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Inspection;
import dev.ripcord.verifier.verification.Occasion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whatever is damaged in a database, a verification finds it: all damages of rows, and at least 99 of 100 of all. */
class CorruptionTest {

    private static final List<Check> CHECKS = List.of(
            new ContentEquality(),
            new DatabaseProperties(),
            new ForeignKeys(),
            new RowPolicies(),
            new SchemaEquality(),
            new SequencePositions(),
            new UsableIndexes(),
            new ValidConstraints());

    private record Corruption(String kind, String statement, String named) {}

    @Test
    void of_a_hundred_damages_99_are_found_and_every_one_of_the_rows() throws IOException {
        List<Corruption> missed = new ArrayList<>();
        List<Corruption> all = corruptions();
        try (Shop shop = new Shop("corrupted")) {
            shop.keep();
            assertThat(verdicts(shop)).allMatch(result -> result.verdict() == Verdict.passed);
            for (Corruption corruption : all) {
                try {
                    shop.change(corruption.statement());
                    if (!found(verdicts(shop), corruption.named())) missed.add(corruption);
                } finally {
                    shop.restore();
                }
            }
        }
        assertThat(all).hasSizeGreaterThanOrEqualTo(100);
        assertThat(missed).noneMatch(corruption -> corruption.kind().equals("rows"));
        assertThat(missed).hasSizeLessThanOrEqualTo(all.size() / 100);
    }

    private static List<CheckResult> verdicts(Shop shop) {
        return new Inspection(CHECKS)
                .run(shop.look(new Checks(null, null, null), shop.manifest(), true), Occasion.verification)
                .results();
    }

    private static boolean found(List<CheckResult> results, String named) {
        return results.stream()
                .filter(result -> result.verdict() == Verdict.failed)
                .flatMap(result -> result.findings().stream())
                .anyMatch(finding -> finding.subject().contains(named));
    }

    private static List<Corruption> corruptions() throws IOException {
        try (InputStream lines = CorruptionTest.class.getResourceAsStream("/corruptions.txt")) {
            return new String(Objects.requireNonNull(lines).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s*\\|\\s*", 3))
                    .map(parts -> new Corruption(parts[0], parts[2], parts[1]))
                    .toList();
        }
    }
}
