package dev.ripcord.rollback.decision;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a rule, which must all hold; a null one does not matter. A limit on something that nobody knows does
 * not hold.
 *
 * @param signals one of these is among those given
 */
record When(
        @Nullable Set<Environment> environment,
        @Nullable Set<Asked> asked,
        @Nullable Set<Signal> signals,
        @Nullable Set<MigrationState> migration,
        @Nullable Set<MigrationKind> kind,
        @Nullable Duration atLeastSince,
        @Nullable Duration lessThanSince,
        @Nullable Long atLeastRows,
        @Nullable Long fewerRows,
        @Nullable Boolean provenSnapshot,
        @Nullable Boolean downScripts,
        @Nullable Boolean freeze) {

    static final When ALWAYS = new When(null, null, null, null, null, null, null, null, null, null, null, null);

    boolean matches(Facts facts) {
        return among(environment, facts.environment())
                && among(asked, new Asked(facts.asked()))
                && (signals == null || !Collections.disjoint(signals, facts.signals()))
                && among(migration, facts.migration())
                && among(kind, facts.kind())
                && within(atLeastSince, lessThanSince, facts.since())
                && within(atLeastRows, fewerRows, facts.rowsWritten())
                && same(provenSnapshot, facts.provenSnapshot())
                && same(downScripts, facts.downScripts())
                && same(freeze, facts.freeze());
    }

    /** Whether this holds wherever the other does. */
    boolean covers(When other) {
        return wider(environment, other.environment)
                && wider(asked, other.asked)
                && wider(signals, other.signals)
                && wider(migration, other.migration)
                && wider(kind, other.kind)
                && wider(atLeastSince, lessThanSince, other.atLeastSince, other.lessThanSince)
                && wider(atLeastRows, fewerRows, other.atLeastRows, other.fewerRows)
                && wider(provenSnapshot, other.provenSnapshot)
                && wider(downScripts, other.downScripts)
                && wider(freeze, other.freeze);
    }

    /** The fields because of which this never holds. */
    List<String> contradictions() {
        List<String> fields = new ArrayList<>();
        if (isEmpty(environment)) fields.add("environment");
        if (isEmpty(asked)) fields.add("asked");
        if (isEmpty(signals)) fields.add("signals");
        if (isEmpty(migration)) fields.add("migration");
        if (isEmpty(kind)) fields.add("kind");
        if (atLeastSince != null && lessThanSince != null && atLeastSince.compareTo(lessThanSince) >= 0) {
            fields.add("lessThanSince");
        }
        if (atLeastRows != null && fewerRows != null && atLeastRows >= fewerRows) fields.add("fewerRows");
        return fields;
    }

    private static boolean isEmpty(@Nullable Set<?> set) {
        return set != null && set.isEmpty();
    }

    private static <T> boolean among(@Nullable Set<T> set, T fact) {
        return set == null || set.contains(fact);
    }

    private static boolean same(@Nullable Boolean wanted, boolean fact) {
        return wanted == null || wanted == fact;
    }

    private static <T extends Comparable<T>> boolean within(
            @Nullable T atLeast, @Nullable T lessThan, @Nullable T fact) {
        if (atLeast == null && lessThan == null) return true;
        return fact != null
                && (atLeast == null || fact.compareTo(atLeast) >= 0)
                && (lessThan == null || fact.compareTo(lessThan) < 0);
    }

    private static <T> boolean wider(@Nullable Set<T> set, @Nullable Set<T> other) {
        return set == null || (other != null && set.containsAll(other));
    }

    private static boolean wider(@Nullable Boolean wanted, @Nullable Boolean other) {
        return wanted == null || wanted.equals(other);
    }

    private static <T extends Comparable<T>> boolean wider(
            @Nullable T atLeast, @Nullable T lessThan, @Nullable T otherAtLeast, @Nullable T otherLessThan) {
        return (atLeast == null && lessThan == null)
                || ((otherAtLeast != null || otherLessThan != null)
                        && (atLeast == null || (otherAtLeast != null && otherAtLeast.compareTo(atLeast) >= 0))
                        && (lessThan == null || (otherLessThan != null && otherLessThan.compareTo(lessThan) <= 0)));
    }
}
