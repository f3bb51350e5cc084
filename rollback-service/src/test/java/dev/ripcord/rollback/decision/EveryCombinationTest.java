package dev.ripcord.rollback.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EveryCombinationTest {

    private static final Policy POLICY = Policy.shipped();

    private static final List<Asked> ASKED = Stream.concat(
                    Stream.of(Asked.of("nothing")), Arrays.stream(Rung.values()).map(Asked::new))
            .toList();

    private final Set<String> reached = new HashSet<>();
    private long seen;

    @Test
    void every_combination_of_facts_gives_one_sound_decision_and_reaches_every_rule() {
        for (Environment environment : Environment.values()) {
            for (Signal signal : Signal.values()) {
                for (MigrationState state : MigrationState.values()) {
                    for (MigrationKind kind : MigrationKind.values()) {
                        combine(environment, Set.of(signal), state, kind);
                    }
                }
            }
        }
        assertThat(seen).isGreaterThan(1_000_000);
        assertThat(reached).containsExactlyInAnyOrderElementsOf(POLICY.names());
    }

    @Test
    void several_signals_at_once_give_one_sound_decision() {
        Random random = new Random(20260721);
        for (int i = 0; i < 500; i++) {
            EnumSet<Signal> signals = EnumSet.noneOf(Signal.class);
            for (Signal signal : Signal.values()) if (random.nextInt(3) == 0) signals.add(signal);
            combine(
                    one(random, Environment.values()),
                    signals,
                    one(random, MigrationState.values()),
                    one(random, MigrationKind.values()));
        }
        assertThat(seen).isGreaterThan(100_000);
    }

    private void combine(Environment environment, Set<Signal> signals, MigrationState state, MigrationKind kind) {
        for (Asked asked : ASKED) {
            for (int since = 0; since < 3; since++) {
                for (int rows = 0; rows < 3; rows++) {
                    for (int bits = 0; bits < 16; bits++) {
                        check(new Facts(
                                environment,
                                asked.rung(),
                                signals,
                                state,
                                kind,
                                since == 0 ? null : Duration.ofHours(since == 1 ? 1 : 48),
                                rows == 0 ? null : rows == 1 ? 5L : 200_000L,
                                (bits & 1) == 0,
                                (bits & 2) == 0,
                                (bits & 4) != 0,
                                (bits & 8) != 0 ? TableRow.INSISTS : null));
                    }
                }
            }
        }
    }

    /** Plain comparisons: a million assertions that describe themselves take minutes. */
    private void check(Facts facts) {
        Decision decision = POLICY.decide(facts);
        reached.add(decision.rule());
        seen++;
        boolean sound = !decision.reasons().isEmpty()
                && decision.reasons().stream().noneMatch(String::isBlank)
                && switch (decision) {
                    case Decision.RollBack back -> sound(back, facts);
                    case Decision.FixForward forward -> !forward.suggestions().isEmpty();
                    case Decision.Watch watch -> watch.howLong().isPositive();
                    case Decision.Refuse refuse -> !refuse.wayOut().isBlank();
                };
        if (!sound) throw new AssertionError(facts + " gives " + decision);
    }

    private static boolean sound(Decision.RollBack back, Facts facts) {
        List<Rung> ladder = back.ladder();
        return facts.migration() != MigrationState.running
                && facts.migration() != MigrationState.neverApplied
                && !(back.byItself() && facts.environment() == Environment.production)
                && new HashSet<>(ladder).size() == ladder.size()
                && ladder.stream().allMatch(rung -> rung.closed(facts).isEmpty());
    }

    private static <T> T one(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
