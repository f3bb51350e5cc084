package dev.ripcord.verifier.verification;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.events.VerificationEvent.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A check that asks for several things could not find out all of them; what it did find out counts. */
public final class NotAllAnswered extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final transient List<Finding> findings;
    private final transient List<Finding> unknown;

    private NotAllAnswered(List<Finding> findings, List<Finding> unknown, RuntimeException first) {
        super(first.getMessage(), first);
        this.findings = List.copyOf(findings);
        this.unknown = List.copyOf(unknown);
    }

    /** What differs. */
    public List<Finding> findings() {
        return findings;
    }

    /** What could not be asked, and why. */
    public List<Finding> unknown() {
        return unknown;
    }

    /**
     * Asks for each by itself.
     *
     * @param name what a finding of it calls it
     * @throws NotAllAnswered when the last was asked, where asking for one of them threw; its cause is one that passes, where
     *     there was such
     */
    public static <T> List<Finding> each(List<T> all, Function<T, String> name, Function<T, Optional<Finding>> ask) {
        List<Finding> findings = new ArrayList<>();
        List<Finding> unknown = new ArrayList<>();
        RuntimeException first = null;
        for (T one : all) {
            try {
                ask.apply(one).ifPresent(findings::add);
            } catch (RuntimeException e) {
                if (first == null || passes(e) && !passes(first)) first = e;
                unknown.add(new Finding(name.apply(one), "an answer", String.valueOf(e.getMessage())));
            }
        }
        if (first != null) throw new NotAllAnswered(findings, unknown, first);
        return findings;
    }

    private static boolean passes(RuntimeException failure) {
        return failure instanceof DatabaseFailure known && known.passing();
    }
}
