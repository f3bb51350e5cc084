package dev.ripcord.command.torture;

import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Ledger;
import dev.ripcord.command.sample.Restored;
import dev.ripcord.command.sample.Sessions;
import dev.ripcord.command.sample.Writers;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Topic;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** One run on the shop: clients that write all the time, a gate, a bad migration, a rollback. */
final class Story implements AutoCloseable {

    private static final int CLIENTS = 3;

    private final Ground ground;
    private final Mishap mishap;
    private final Writers writers;
    final String migration = "migration-" + shortId();
    final String rollback = "rollback-" + shortId();
    final long liveOid;
    final Instant asked;
    final Instant opened;
    final SnapshotEvent.Proven proven;
    private Instant requested = Instant.MAX;

    private Story(Ground ground, Mishap mishap) throws SQLException, IOException {
        this.ground = ground;
        this.mishap = mishap;
        this.liveOid = oid(ground);
        this.writers = Writers.start(ground.shop(), Sessions.own(ground.shop()), CLIENTS);
        try {
            ordersComeIn();
            this.asked = Instant.now();
            gate();
            this.opened = Instant.now();
            this.proven = ground.events()
                    .await(
                            SnapshotEvent.Proven.class,
                            event -> event.migration().equals(migration),
                            Ground.LIMIT)
                    .orElseThrow(() -> new IllegalStateException("the snapshot was not proven"));
            // told before it happens: where nobody hears of it, the next run finds a shop that is well
            ground.ended(ground.shop().database(), migration);
            mishap.happen(ground);
            ordersComeIn();
        } catch (RuntimeException | SQLException | IOException e) {
            writers.close();
            throw e;
        }
    }

    /** All that comes before a request: an application that writes, a proven snapshot, a migration that breaks it. */
    static Story broken(Ground ground) throws SQLException, IOException {
        return of(ground, Mishap.WHOLE);
    }

    /** The same with something else that goes wrong. */
    static Story of(Ground ground, Mishap mishap) throws SQLException, IOException {
        return new Story(ground, mishap);
    }

    private void gate() throws IOException {
        try (ServiceClient client = ground.client(Service.SNAPSHOT)) {
            Gate.Outcome outcome = new Gate(client).await(ground.shop().database(), migration, Ground.LIMIT);
            if (outcome instanceof Gate.Outcome.Closed closed) {
                throw new IllegalStateException("the gate stayed closed: " + closed.reason());
            }
        }
    }

    /** Without the warm copy, the rollback has to make one. */
    void cooled() throws SQLException {
        ground.execute(
                "postgres", "drop database if exists \"" + proven.shadow().name() + "\" with (force)");
    }

    void request() {
        ground.events().publish(command());
    }

    /** The command of this rollback, to be sent at once. */
    RollbackRequestEvent.Requested command() {
        if (requested.equals(Instant.MAX)) requested = Instant.now();
        return new RollbackRequestEvent.Requested(
                ground.shop().database(), rollback, migration, null, null, "the harness asks", "torture", mishap.way());
    }

    private RollbackRequestEvent.Requested again(String id) {
        return new RollbackRequestEvent.Requested(
                ground.shop().database(), id, migration, null, null, "the harness makes all well", "torture");
    }

    /** Sends the command of this rollback so often again: every other time as the same event, else as a new one. */
    void replay(int times) {
        KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
        Envelope<?> same = Envelope.of("/ripcord/command", command());
        for (int time = 0; time < times; time++) {
            ground.events().publish(binding.write(time % 2 == 0 ? same : Envelope.of("/ripcord/command", command())));
        }
    }

    Instant requestedAt() {
        return requested;
    }

    Optional<RollbackOutcomeEvent> outcome() {
        return outcome(rollback);
    }

    private Optional<RollbackOutcomeEvent> outcome(String id) {
        return ground.events()
                .await(RollbackOutcomeEvent.class, event -> event.rollback().equals(id), Ground.LIMIT);
    }

    Optional<RollbackEvent.LossCounted> counted() {
        return counted(rollback);
    }

    private Optional<RollbackEvent.LossCounted> counted(String id) {
        return ground.events()
                .await(
                        RollbackEvent.LossCounted.class,
                        event -> event.rollback().equals(id),
                        Ground.LIMIT);
    }

    /** Whether the database is to be put right where it stands. */
    boolean staysInPlace() {
        return mishap.way() != null;
    }

    boolean applicationIsGreen() {
        return Waiting.until(() -> ground.application().health().green(), Ground.LIMIT);
    }

    /** Its hook was called for this rollback. */
    boolean applicationIsRestarted() {
        return Waiting.until(
                () -> ground.application().messages("restart").stream().anyMatch(call -> call.contains(rollback)),
                Ground.LIMIT);
    }

    boolean everyClientIsBack() {
        Instant now = Instant.now();
        return Waiting.until(() -> ledger().everyClientSucceededSince(now), Ground.LIMIT);
    }

    Ledger ledger() {
        return writers.ledger();
    }

    /** From here on nobody writes. */
    void clientsStop() {
        writers.close();
    }

    /** Whatever came of it: the next run finds a shop that is well, and nothing of this one. */
    void settle() throws SQLException {
        ground.heal();
        boolean well = ground.application().health().green()
                && Restored.differences(ground.stack(), ground.shop(), proven.manifest())
                        .isEmpty();
        if (!well) {
            String again = rollback + "-again";
            ground.events().publish(again(again));
            if (!(outcome(again).orElse(null) instanceof RollbackOutcomeEvent.Completed)) {
                throw new IllegalStateException("the shop cannot be brought back for the next run");
            }
            counted(again);
        }
        ground.shop().dropCopies();
    }

    @Override
    public void close() {
        writers.close();
    }

    private void ordersComeIn() {
        long before = ledger().acknowledged();
        if (!Waiting.until(() -> ledger().acknowledged() > before + 10L * CLIENTS, Ground.LIMIT)) {
            throw new IllegalStateException("the clients cannot place orders");
        }
    }

    static long oid(Ground ground) throws SQLException {
        return ground.number(
                "postgres",
                "select oid from pg_database where datname = '" + ground.shop().database() + "'");
    }

    private static String shortId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
