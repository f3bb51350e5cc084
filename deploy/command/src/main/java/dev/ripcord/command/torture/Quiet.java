package dev.ripcord.command.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A database that nobody but the harness writes to. */
record Quiet(Ground ground, Shop shop) {

    String id() {
        return shop.database();
    }

    /** Asks for a snapshot before a new migration. */
    Gate.Outcome gate(String migration) throws IOException {
        try (ServiceClient client = ground.client(Service.SNAPSHOT)) {
            return new Gate(client).await(id(), migration, Ground.LIMIT);
        }
    }

    /** A proven snapshot before a new migration, which has ended then. */
    SnapshotEvent.Proven proven() throws IOException {
        String migration = unique("migration");
        if (gate(migration) instanceof Gate.Outcome.Closed closed) throw new RefusedHere(closed.reason());
        SnapshotEvent.Proven proven = proof(migration);
        ground.ended(id(), migration);
        return proven;
    }

    /** Waits until the snapshot before that migration is proven. */
    SnapshotEvent.Proven proof(String migration) {
        return proof(migration, Ground.LIMIT);
    }

    SnapshotEvent.Proven proof(String migration, Duration atMost) {
        Optional<SnapshotEvent> said =
                ground.events().await(SnapshotEvent.class, event -> ends(event, migration), atMost);
        if (said.isPresent() && said.get() instanceof SnapshotEvent.Proven proven) return proven;
        if (said.isPresent() && said.get() instanceof SnapshotEvent.Failed failed)
            throw new RefusedHere(failed.reason());
        throw new IllegalStateException("nothing was said of the snapshot's proof");
    }

    /** Why the snapshot before that migration is not proven yet, as soon as it says so. */
    String problem(String migration) throws IOException {
        List<String> found = new ArrayList<>();
        try (ServiceClient client = ground.client(Service.SNAPSHOT)) {
            Waiting.until(() -> found.addAll(problems(client, migration)), Ground.LIMIT);
        }
        return String.join("; ", found);
    }

    private List<String> problems(ServiceClient client, String migration) {
        List<String> problems = new ArrayList<>();
        try {
            for (JsonNode each : client.get("/snapshots?database=" + id()).body()) {
                if (each.path("migration").asText().equals(migration) && each.hasNonNull("problem"))
                    problems.add(each.path("problem").asText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return problems;
    }

    private static boolean ends(SnapshotEvent event, String migration) {
        return event instanceof SnapshotEvent.Proven proven
                        && proven.migration().equals(migration)
                || event instanceof SnapshotEvent.Failed failed
                        && failed.migration().equals(migration);
    }

    String request(String migration) {
        String rollback = unique("rollback");
        ground.events()
                .publish(new RollbackRequestEvent.Requested(
                        id(), rollback, migration, null, null, "the harness asks", "torture"));
        return rollback;
    }

    RollbackOutcomeEvent outcome(String rollback) {
        return ground.events()
                .await(RollbackOutcomeEvent.class, event -> event.rollback().equals(rollback), Ground.LIMIT)
                .orElseThrow(() -> new IllegalStateException("no outcome of " + rollback));
    }

    RollbackOutcomeEvent back(String migration) {
        return outcome(request(migration));
    }

    /** The same, and nothing is made for it any more: the rows lost are counted after the outcome, against a further copy. */
    RollbackOutcomeEvent backAndCounted(String migration) {
        RollbackOutcomeEvent outcome = back(migration);
        if (!(outcome instanceof RollbackOutcomeEvent.Completed completed)) return outcome;
        return ground.events()
                .await(RollbackEvent.class, event -> counted(event, completed.rollback()), Ground.LIMIT)
                .map(_ -> outcome)
                .orElseThrow(() -> new IllegalStateException("nothing was said of the rows lost"));
    }

    private static boolean counted(RollbackEvent event, String rollback) {
        return event instanceof RollbackEvent.LossCounted loss
                        && loss.rollback().equals(rollback)
                || event instanceof RollbackEvent.Step step
                        && step.rollback().equals(rollback)
                        && step.step().equals("loss-not-counted");
    }

    /** With nothing in the way: else what was refused before was not refused for what was done. */
    void comesBack(SnapshotEvent.Proven proven) {
        RollbackOutcomeEvent outcome = back(proven.migration());
        if (outcome instanceof RollbackOutcomeEvent.Completed) return;
        throw new IllegalStateException("with nothing altered the rollback does not complete either: " + outcome);
    }

    /** Without the warm copy, a rollback has to make one. */
    void cooled(SnapshotEvent.Proven proven) throws SQLException {
        ground.execute(
                "postgres", "drop database if exists \"" + proven.shadow().name() + "\" with (force)");
    }

    /** Names, object ids and openness of the database and all that was made for it. */
    List<String> databases() throws SQLException {
        return ground.list(
                "postgres",
                "select format('%s %s %s', oid, datname, datallowconn) from pg_database where datname = '" + id()
                        + "' or starts_with(datname, '" + id() + "__') order by datname");
    }

    static String unique(String what) {
        return what + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** The suite said no, with its reason. */
    static final class RefusedHere extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedHere(String reason) {
            super(reason);
        }
    }
}
