package dev.ripcord.rollback.decision;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A suggestion how to mend the database where it is; nothing runs it.
 *
 * @param what in one sentence
 * @param sql begins with a comment that says it is a suggestion; null where no statement can be suggested
 * @param caution what to know before running it, empty where there is nothing
 */
public record ForwardFix(String what, @Nullable String sql, String caution) {

    /** One suggestion per change, in the same order. */
    public static List<ForwardFix> of(List<Change> changes) {
        return changes.stream().map(Mending::of).toList();
    }
}
