package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.EventLine;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** With Ripcord: a gate before, which ends when the snapshot is taken; a rollback after, until its outcome. */
final class RolledBack implements Peer {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Stack stack;
    private final EventStream events;
    private final Shop shop;
    private final String form;
    private String kept = "";
    private String last = "";

    RolledBack(Stack stack, EventStream events, Shop shop, String form) {
        this.stack = stack;
        this.events = events;
        this.shop = shop;
        this.form = form;
    }

    @Override
    public String name() {
        return "ripcord " + form;
    }

    @Override
    public Shop shop() {
        return shop;
    }

    @Override
    public Snapshot snapshot(String round) throws IOException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            long began = System.nanoTime();
            return switch (new Gate(client).await(shop.database(), migration(round), LIMIT)) {
                case Gate.Outcome.Open open -> new Snapshot(open.millis(), (System.nanoTime() - began) / 1e6);
                case Gate.Outcome.Closed shut ->
                    throw new CommandFailedException("the gate stayed closed: " + shut.reason());
            };
        }
    }

    /** It goes on while the migration runs. */
    @Override
    public void settle(String round) {
        boolean proven = events.await(
                        SnapshotEvent.Proven.class, each -> each.migration().equals(migration(round)), LIMIT)
                .isPresent();
        if (!proven) throw new CommandFailedException("the snapshot was not proven");
    }

    /** The snapshot, an archive or a database, and the shadow that proves it. */
    @Override
    public long diskBytes(String round) throws SQLException {
        long archive = form.equals("clone")
                ? 0
                : events.await(
                                SnapshotEvent.Completed.class,
                                each -> each.migration().equals(migration(round)),
                                LIMIT)
                        .map(SnapshotEvent.Completed::bytes)
                        .orElse(0L);
        return archive + shop.copyBytes();
    }

    @Override
    public void migrated(String round) {
        events.publish(new MigrationEvent.Completed(shop.database(), migration(round)));
    }

    @Override
    public void restore(String round) {
        events.publish(new RollbackRequestEvent.Requested(
                shop.database(), migration(round), migration(round), null, null, "the benchmark", "bench"));
        RollbackOutcomeEvent outcome = events.await(
                        RollbackOutcomeEvent.class, each -> each.rollback().equals(migration(round)), LIMIT)
                .orElseThrow(() -> new CommandFailedException("there was no outcome"));
        if (!(outcome instanceof RollbackOutcomeEvent.Completed completed)) {
            throw new CommandFailedException("the rollback did not complete: " + EventLine.of(outcome));
        }
        kept = completed.failedDatabase();
        last = completed.rollback();
    }

    @Override
    public Optional<String> kept() {
        return Optional.of(kept);
    }

    @Override
    public void tidy() throws SQLException {
        events.await(RollbackEvent.LossCounted.class, each -> each.rollback().equals(last), LIMIT);
        shop.dropCopies();
    }

    private String migration(String round) {
        return shop.database() + "-" + round;
    }
}
