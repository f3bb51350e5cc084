package dev.ripcord.rollback.core;

import dev.ripcord.events.Way;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ways back, by the names that requests have for them. */
public enum Rung {
    /** The whole database is swapped with a restored copy. */
    full,
    /** The structure goes back, rows are kept. */
    schema,
    /** Named tables go back. */
    partial,
    /** The migration tool undoes its own migrations. */
    down,
    /** Approved statements are run. */
    sql,
    /** The database stays, the application is restarted. */
    application,
    /** A new database is built from scripts and swapped in: every row is lost. */
    rebuild;

    /** Whether the live database is swapped with another, not changed where it stands. */
    public boolean swaps() {
        return this == full || this == rebuild;
    }

    /**
     * The rungs that are tried in turn: what was asked for, and the whole database where that keeps what was meant. What
     * names its own statements, or leaves the database alone, is never replaced by something else. Nothing is built anew
     * unless that was asked for.
     *
     * @throws IllegalArgumentException if there is no such method, or it lacks what it needs
     */
    public static List<Rung> ladder(@Nullable Way way) {
        if (way == null) return List.of(full);
        Rung asked = of(way.method());
        if (way.elsewhere() && (asked != full || way.mayRebuild())) {
            throw new IllegalArgumentException("only full, and only from a snapshot, can be done on the second server");
        }
        return switch (asked) {
            case full -> way.mayRebuild() ? List.of(full, rebuild) : List.of(full);
            case application, rebuild -> List.of(asked);
            case schema, down -> List.of(asked, full);
            case partial -> {
                if (way.tables().isEmpty()) throw new IllegalArgumentException("partial needs the names of tables");
                yield List.of(asked, full);
            }
            case sql -> {
                if (way.statements() == null || way.statements().isBlank()) {
                    throw new IllegalArgumentException("sql needs statements");
                }
                yield List.of(asked);
            }
        };
    }

    private static Rung of(String method) {
        return Arrays.stream(values())
                .filter(each -> each.name().equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no method " + method + ", but "
                        + Arrays.stream(values()).map(Rung::name).collect(Collectors.joining(", "))));
    }
}
