package dev.ripcord.rollback.decision;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision rests on.
 *
 * @param asked the method that was asked for, null where none was
 * @param signals none at all means {@link Signal#noneGiven}
 * @param since the time since the migration ended, or failed; null where nobody knows
 * @param rowsWritten an estimate of the rows written since, null where nobody knows
 * @param provenSnapshot whether a snapshot from before the migration was restored and found equal
 * @param downScripts whether the migration tool's own way back is archived
 * @param freeze whether changes are not wanted at this time
 * @param overruling a person who wants the rollback whatever the rules say
 */
public record Facts(
        Environment environment,
        @Nullable Rung asked,
        Set<Signal> signals,
        MigrationState migration,
        MigrationKind kind,
        @Nullable Duration since,
        @Nullable Long rowsWritten,
        boolean provenSnapshot,
        boolean downScripts,
        boolean freeze,
        @Nullable Overruling overruling) {

    public Facts {
        EnumSet<Signal> given = EnumSet.noneOf(Signal.class);
        given.addAll(signals);
        if (given.size() > 1) given.remove(Signal.noneGiven);
        if (given.isEmpty()) given.add(Signal.noneGiven);
        signals = Set.copyOf(given);
    }

    /** One sentence for the audit trail. */
    String inWords() {
        return "Known when this was decided: "
                + environment
                + "; asked for: "
                + (asked == null ? "nothing" : asked)
                + "; signals: "
                + signals.stream().sorted().map(Signal::name).collect(Collectors.joining(", "))
                + "; migration: "
                + kind
                + ", "
                + migration
                + (since == null ? "" : ", " + since.toMinutes() + " min ago")
                + "; rows written since: "
                + (rowsWritten == null ? "not known" : "about " + rowsWritten)
                + (provenSnapshot ? "; a proven snapshot" : "; no proven snapshot")
                + (downScripts ? "; down scripts" : "; no down scripts")
                + (freeze ? "; a freeze" : "")
                + ".";
    }
}
