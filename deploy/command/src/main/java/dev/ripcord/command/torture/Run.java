package dev.ripcord.command.torture;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * One run of a test.
 *
 * @param seed of all runs: the same one breaks the same things
 * @param number from 0
 * @param quick whether little time is to be spent
 */
record Run(String test, long seed, int number, boolean quick) {

    /** Coprime to the number of cases of every test, so that runs go all over them before one comes twice. */
    private static final int STRIDE = 37;

    /** Chance of this run alone. */
    RandomGenerator random() {
        return new SplittableRandom(seed * 31 + test.hashCode() * 1_000_003L + number);
    }

    /** Which of so many cases: each comes once in so many runs, beginning wherever the seed says. */
    int oneOf(int cases) {
        return (int) Math.floorMod(seed + (long) STRIDE * number, (long) cases);
    }
}
