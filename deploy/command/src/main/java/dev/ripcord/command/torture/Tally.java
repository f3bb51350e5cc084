package dev.ripcord.command.torture;

import java.util.Locale;

/**
 * What came of one test.
 *
 * @param violations runs in which something was not as it must be
 */
record Tally(String test, int runs, int violations, double seconds) {

    private static final int FEW = 3;

    /**
     * What the runs prove: with 95 % certainty fewer runs than this share would go wrong. The rule of three for none of n
     * (Hanley and Lippman-Hand, 1983); nothing is proven by a
     * handful of them, nor by a test that found something.
     */
    String bound() {
        if (runs == 0) return "not run";
        if (violations > 0 || runs <= FEW) return "-";
        return String.format(Locale.ROOT, "< %.1f %%", 300.0 / runs);
    }
}
