package dev.ripcord.command.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of one test.
 *
 * @param violations runs in which something was not as it must be
 */
record Tally(String test, int runs, int violations, double seconds) {

    private static final int FEW = 3;

    /**
     * What the runs prove: with 95 % certainty fewer runs than this share would go wrong. The rule of three for none of n
     * (Hanley and Lippman-Hand, 1983); null where nothing is proven, as by a handful of them, or by a test that found
     * something.
     */
    @JsonProperty("bound")
    @Nullable
    Double bound() {
        return violations > 0 || runs <= FEW ? null : 3.0 / runs;
    }

    /** The same for people. */
    String proves() {
        if (runs == 0) return "not run";
        Double bound = bound();
        return bound == null ? "-" : String.format(Locale.ROOT, "< %.1f %%", 100 * bound);
    }
}
