package dev.ripcord.rollback.decision;

import java.util.Optional;

/** A way back, as a rung of a ladder; the names are those of the rollback methods. */
public enum Rung {
    full,
    partial,
    schema,
    down,
    sql,
    application,
    rebuild;

    /** Why this way cannot be gone now; empty where it can. */
    Optional<String> closed(Facts facts) {
        return switch (this) {
            case full, schema -> unless(facts.provenSnapshot(), "there is no proven snapshot");
            case partial ->
                unless(facts.provenSnapshot(), "there is no proven snapshot")
                        .or(() -> unless(facts.asked() == this, "only a request can name its tables"));
            case down -> unless(facts.downScripts(), "there are no down scripts");
            case sql -> unless(facts.asked() == this, "only a request can bring its statements");
            case application, rebuild -> Optional.empty();
        };
    }

    private Optional<String> unless(boolean open, String reason) {
        return open ? Optional.empty() : Optional.of("The method " + name() + " is left out: " + reason + ".");
    }
}
