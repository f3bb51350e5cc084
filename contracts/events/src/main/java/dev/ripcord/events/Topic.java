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

    /** Where records of this topic go that nobody can read, for example {@code ripcord.snapshot.dead-letter}. */
    public String deadLetter(String prefix) {
        return named(prefix) + ".dead-letter";
    }
}
