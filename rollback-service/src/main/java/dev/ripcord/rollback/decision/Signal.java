package dev.ripcord.rollback.decision;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody, or a monitor, says is wrong. */
public enum Signal {
    applicationDown,
    errorRate,
    /** Values are there and wrong. */
    dataWrong,
    /** Values that were there are gone. */
    dataLost,
    /** Somebody can see or do more than before. */
    securityHole,
    performanceSlight,
    performanceBad,
    /** One feature does not work, the rest does. */
    featureBroken,
    /** The application has a fault that has nothing to do with the migration. */
    applicationBug,
    /** Nothing is wrong: somebody wants to begin anew. */
    freshStart,
    noneGiven;

    /**
     * Those with these names; null is as good as none.
     *
     * @throws IllegalArgumentException if there is none of a name
     */
    public static Set<Signal> named(@Nullable List<String> names) {
        EnumSet<Signal> signals = EnumSet.noneOf(Signal.class);
        for (String name : names == null ? List.<@Nullable String>of() : names) {
            if (name == null) throw new IllegalArgumentException("a signal has a name");
            signals.add(valueOf(name));
        }
        return signals;
    }
}
