package dev.ripcord.rollback.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a plan's approval has got.
 *
 * @param needed how many people must approve it; 0 where nobody must
 * @param approvedBy who has
 * @param excluded who cannot, because he asked for it; null where he can
 */
public record Standing(
        int needed, List<String> approvedBy, @Nullable String excluded) {

    public Standing {
        approvedBy = List.copyOf(approvedBy);
    }

    /** How many are still needed. */
    public int missing() {
        return Math.max(0, needed - approvedBy.size());
    }

    /** For people, such as {@code 1 of 2 (ben); still needed: 1 other than ann and ben}. */
    public String line() {
        if (needed == 0) return "nobody needs to approve it";
        String so = approvedBy.size() + " of " + needed
                + (approvedBy.isEmpty() ? "" : " (" + String.join(", ", approvedBy) + ")");
        if (missing() == 0) return so;
        List<String> others = new ArrayList<>();
        if (excluded != null) others.add(excluded);
        others.addAll(approvedBy);
        return so + "; still needed: " + missing()
                + (others.isEmpty() ? "" : " other than " + String.join(" and ", others));
    }
}
