package dev.ripcord.rollback.core;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.rollback.core.RollbackState.Abandoning;
import dev.ripcord.rollback.core.RollbackState.Announcing;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.RollbackState.Changed;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Copying;
import dev.ripcord.rollback.core.RollbackState.Counting;
import dev.ripcord.rollback.core.RollbackState.Finished;
import dev.ripcord.rollback.core.RollbackState.Installing;
import dev.ripcord.rollback.core.RollbackState.Moving;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.PointedTo;
import dev.ripcord.rollback.core.RollbackState.Preparing;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.RollbackState.Restoring;
import dev.ripcord.rollback.core.RollbackState.Securing;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a rollback may stand in each state. Past it, an alarm is raised; what can still be cancelled is refused then, with
 * nothing changed.
 */
public final class Deadlines {

    private Deadlines() {}

    /** The longest that this state may last; none for a last one. */
    public static Optional<Duration> of(RollbackState state, EnrolledDatabase database) {
        Duration restore = database.snapshot().limit();
        return switch (state) {
            case Asked asked -> Optional.of(restore.plusMinutes(1)); // its snapshot may still be being proven
            case Planning planning -> Optional.of(Duration.ofMinutes(10));
            case Copying copying -> Optional.of(restore);
            case Approving approving -> Optional.of(Duration.ofHours(1));
            case Securing securing -> Optional.of(restore);
            case Rehearsing rehearsing -> Optional.of(Duration.ofMinutes(15));
            case Changing changing -> Optional.of(Duration.ofMinutes(15));
            case Changed changed -> Optional.of(Duration.ofMinutes(15));
            case Moving moving -> Optional.of(restore);
            case Installing installing -> Optional.of(Duration.ofMinutes(2));
            case PointedTo pointed -> Optional.of(Duration.ofHours(1)); // a person may have to confirm it
            case Preparing preparing -> Optional.of(Duration.ofMinutes(2));
            case Restoring restoring -> Optional.of(restore);
            case Announcing announcing -> Optional.of(Duration.ofMinutes(2));
            case Swapping swapping ->
                Optional.of(database.rollback().fenceLimit().plusSeconds(30));
            case Opened opened -> Optional.of(Duration.ofMinutes(15));
            case Counting counting -> Optional.of(restore.multipliedBy(2)); // a restore, then every row is compared
            case Abandoning abandoning -> Optional.of(Duration.ofSeconds(30));
            case Finished finished -> Optional.empty();
        };
    }

    /** Whether the live database may be closed while a rollback stands in this state. */
    public static boolean closed(RollbackState state, EnrolledDatabase database) {
        EnrolledDatabase.SecondServer second = database.secondServer();
        return state instanceof Swapping
                || state instanceof Abandoning
                || state instanceof Installing && second != null && second.closeOld()
                || state instanceof PointedTo pointed && pointed.oldClosed();
    }

    private static String byHand(RollbackState state) {
        return "have a superuser run in its admin database: select ripcord.reopen('"
                + state.request().database() + "')";
    }

    /** What to do about a state that lasts too long. */
    public static String next(RollbackState state) {
        String rollback = state.request().rollback();
        return switch (state) {
            case Swapping _, Abandoning _ ->
                "ripcord rollback reopen " + rollback + " --word " + EnrolledDatabase.REOPEN_WORD + " --reason …";
            case Opened _ ->
                "look at what holds the verification up: ripcord rollback status " + rollback
                        + "; to go back: ripcord rollback undo " + rollback;
            case Changed changed ->
                "look at what holds the verification up: ripcord rollback status " + rollback
                        + (changed.snapshot() == null
                                ? ""
                                : "; to go back: ripcord rollback request "
                                        + changed.request().database() + " --snapshot " + changed.snapshot()
                                        + " --reason …");
            case PointedTo pointed ->
                "point the application to the second server, then: ripcord rollback confirm " + rollback
                        + (pointed.oldClosed() ? "; to go back instead, " + byHand(pointed) : "");
            case RollbackState.Cancellable _ -> "it is refused now; ask again when that is mended";
            case Installing installing ->
                "ripcord rollback status " + rollback + "; where the old database is closed and needed, "
                        + byHand(installing);
            case Changing _, Counting _, Finished _ -> "ripcord rollback status " + rollback;
        };
    }
}
