package dev.ripcord.rollback.decision;

import java.time.Duration;
import java.util.List;

/** What is to be done, and why; it names the rule that decided. */
public sealed interface Decision {

    /** The name of the rule. */
    String rule();

    /** Why, in sentences; at least one. */
    List<String> reasons();

    /**
     * Take the database back.
     *
     * @param ladder the methods to try, downwards; at least one
     * @param byItself whether this may begin without a person; never so in production
     * @param alternatives what could be done instead
     */
    record RollBack(
            String rule, List<Rung> ladder, boolean byItself, List<String> reasons, List<ForwardFix> alternatives)
            implements Decision {
        public RollBack {
            ladder = atLeastOne(ladder);
            reasons = atLeastOne(reasons);
            alternatives = List.copyOf(alternatives);
        }
    }

    /**
     * Leave the database where it is and mend it.
     *
     * @param suggestions how; at least one
     * @param overridable whether a person may roll back all the same, with a reason
     */
    record FixForward(String rule, List<ForwardFix> suggestions, boolean overridable, List<String> reasons)
            implements Decision {
        public FixForward {
            suggestions = atLeastOne(suggestions);
            reasons = atLeastOne(reasons);
        }
    }

    /**
     * Do nothing yet.
     *
     * @param howLong after this time, ask again
     * @param overridable whether a person may roll back all the same, with a reason
     */
    record Watch(String rule, Duration howLong, boolean overridable, List<String> reasons) implements Decision {
        public Watch {
            reasons = atLeastOne(reasons);
        }
    }

    /**
     * No.
     *
     * @param wayOut what has to change first
     * @param overridable whether a person may roll back all the same, with a reason
     */
    record Refuse(String rule, String wayOut, boolean overridable, List<String> reasons) implements Decision {
        public Refuse {
            reasons = atLeastOne(reasons);
        }
    }

    private static <T> List<T> atLeastOne(List<T> items) {
        if (items.isEmpty()) throw new IllegalArgumentException("A decision has at least one of each");
        return List.copyOf(items);
    }
}
