package dev.ripcord.rollback.method.down;

import java.util.List;

/** How a planned way back ended. */
public sealed interface DownOutcome {

    /** All of it was done (in a dry run: could have been), and the version table says so. */
    record Applied(List<String> versions, String after) implements DownOutcome {
        public Applied {
            versions = List.copyOf(versions);
        }
    }

    /**
     * Nothing was changed.
     *
     * @param statement the one that failed, empty where the plan did not hold any more
     */
    record Failed(String reason, String statement) implements DownOutcome {}
}
