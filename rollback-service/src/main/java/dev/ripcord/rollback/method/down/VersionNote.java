package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.Effect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is told of a migration tool's version table after a way back, and the table put right where it lagged behind. */
public final class VersionNote {

    static final String STEP = "version-table";

    private final @Nullable String recorded;
    private Effect.@Nullable Note note;

    /**
     * For a way back to a snapshot.
     *
     * @param recorded a manifest's migration version: the table's name and what it said; null where there was none
     */
    public VersionNote(@Nullable String recorded) {
        this.recorded = recorded;
    }

    /** Has the table say what was recorded, in the transaction of the session. */
    public void putRight(PgSession session) {
        if (recorded == null) return;
        long began = System.nanoTime();
        String says = says(VersionRepair.within(session, recorded), recorded);
        note = new Effect.Note(STEP, (System.nanoTime() - began) / 1_000_000, says);
    }

    /** What came of it; empty where there is no such table. */
    public Optional<Effect.Note> note() {
        return Optional.ofNullable(note);
    }

    static String says(VersionRepair.Outcome outcome, String recorded) {
        return switch (outcome) {
            case VersionRepair.Outcome.AsRecorded as -> "says " + recorded + ", as at the snapshot";
            case VersionRepair.Outcome.Repaired repaired ->
                repaired.table()
                        + (repaired.from().equals("missing") ? " was missing" : " said " + shown(repaired.from()))
                        + " and says " + shown(repaired.to()) + " again, as at the snapshot";
            case VersionRepair.Outcome.NotPossible not ->
                "NOT as at the snapshot, which recorded " + recorded + ": " + not.reason()
                        + "; put it right with the migration tool";
        };
    }

    /** What the table says, where it is not to be written to. */
    static String leftAlone(PgSession session, String recorded) {
        if (VersionRepair.asRecorded(session, recorded)) return says(new VersionRepair.Outcome.AsRecorded(), recorded);
        return after(session, recorded).map(Effect.Note::detail).orElse("is missing; the snapshot recorded " + recorded)
                + "; left as it is, for the swap was made before, and migrations may have run since";
    }

    /** After the tool's own way: what its table says, and whether that is what was to be. */
    static Optional<Effect.Note> of(PgSession session, Tool tool, String expected) {
        return VersionTable.read(session).stream()
                .filter(table -> table.tool() == tool)
                .findFirst()
                .map(table -> table.table() + " says " + shown(table.version())
                        + (table.version().equals(expected) ? "" : " instead of " + shown(expected)))
                .map(says -> new Effect.Note(STEP, 0, says));
    }

    /** After statements of people, who know which version they wanted: what the first known table says. */
    public static Optional<Effect.Note> after(PgSession session, @Nullable String recorded) {
        return VersionTable.read(session).stream()
                .findFirst()
                .map(table -> table.table() + " says " + shown(table.version())
                        + (recorded == null ? "" : "; the snapshot recorded " + recorded))
                .map(says -> new Effect.Note(STEP, 0, says));
    }

    private static String shown(String version) {
        return version.isEmpty() ? "no version" : Shown.name(version);
    }
}
