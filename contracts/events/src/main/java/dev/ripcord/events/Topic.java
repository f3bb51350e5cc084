package dev.ripcord.events;

/** The topics, one per family of events. */
public enum Topic {
    DEPLOYMENT("deployment"),
    MIGRATION("migration"),
    ALERT("alert"),
    SNAPSHOT("snapshot"),
    ROLLBACK_REQUEST("rollback-request"),
    RESTORE("restore"),
    ROLLBACK("rollback"),
    ROLLBACK_OUTCOME("rollback-outcome"),
    VERIFICATION("verification"),
    NOTIFICATION("notification");

    /** The prefix of all topics where none is configured. */
    public static final String DEFAULT_PREFIX = "ripcord";

    private final String family;

    Topic(String family) {
        this.family = family;
    }

    /** The topic's name on Kafka under a prefix, for example {@code ripcord.snapshot}. */
    public String named(String prefix) {
        return prefix + "." + family;
    }

    /**
     * How many bytes the value of a record may have. Others than the suite's services write to some topics: there, as much
     * as over HTTP.
     */
    public int mostBytes() {
        return switch (this) {
            case DEPLOYMENT, MIGRATION, ROLLBACK_REQUEST -> 1 << 20;
            case ALERT, SNAPSHOT, RESTORE, ROLLBACK, ROLLBACK_OUTCOME, VERIFICATION, NOTIFICATION -> 8 << 20;
        };
    }

    /** Where records of this topic go that nobody can read, for example {@code ripcord.snapshot.dead-letter}. */
    public String deadLetter(String prefix) {
        return named(prefix) + ".dead-letter";
    }
}
