package dev.ripcord.rollback.core;

import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.Way;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for.
 *
 * @param signals what is wrong, by the names of the decision policy
 * @param overrides why it is wanted although the decision policy says otherwise
 * @param automatic whether no person asks
 * @param byToken whether it came with a token, so that the name is known to be that of whoever asks
 */
public record Request(
        String rollback,
        String database,
        @Nullable String migration,
        @Nullable String snapshot,
        @Nullable String undoes,
        String reason,
        String requestedBy,
        @Nullable Way way,
        @Nullable List<String> signals,
        @Nullable String overrides,
        boolean automatic,
        boolean byToken) {

    /** What the name of the migration begins with that is a rollback itself. */
    public static final String EMERGENCY = "rollback/";

    /** By a person of whom only the name is known, who says nothing of what is wrong. */
    public Request(
            String rollback,
            String database,
            @Nullable String migration,
            @Nullable String snapshot,
            @Nullable String undoes,
            String reason,
            String requestedBy,
            @Nullable Way way) {
        this(rollback, database, migration, snapshot, undoes, reason, requestedBy, way, null, null, false, false);
    }

    /** As it came in an event. */
    public static Request of(RollbackRequestEvent.Requested event, boolean byToken) {
        return new Request(
                event.rollback(),
                event.database(),
                event.migration(),
                event.snapshot(),
                event.undoes(),
                event.reason(),
                event.requestedBy(),
                event.way(),
                event.signals(),
                event.overrides() == null || event.overrides().isBlank() ? null : event.overrides(),
                Boolean.TRUE.equals(event.automatic()),
                byToken);
    }

    /** The ways back that are tried in turn. */
    public List<Rung> ladder() {
        return Rung.ladder(way);
    }

    /** Whether only the plan is wanted. */
    public boolean dryRun() {
        return way != null && way.dryRun();
    }

    /** The migration as which the snapshot is taken that can take back a change in place. */
    public String emergency() {
        return EMERGENCY + rollback;
    }

    /** Twelve characters that stand for the rollback in names of databases, where its own id could be anything. */
    public String shortId() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(rollback.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
