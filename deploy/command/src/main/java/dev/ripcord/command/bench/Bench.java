package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.EventLine;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Ledger;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Sessions;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.sample.Writers;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Rounds of: a copy by hand, a gate, a bad migration, a rollback; with clients that write all the time. */
final class Bench {

    private static final int CLIENTS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Stack stack;
    private final Narrator tell;
    final Series bare = new Series();
    final Series gate = new Series();
    final Series proven = new Series();
    final Series closed = new Series();
    final Series outage = new Series();
    final Series longestOutage = new Series();
    final Series bareOutage = new Series();
    final Series longestBareOutage = new Series();
    final Series requestToOutcome = new Series();
    long databaseBytes;

    Bench(Stack stack, Narrator tell) {
        this.stack = stack;
        this.tell = tell;
    }

    void run(Size size, int rounds) throws SQLException, IOException {
        tell.step("Starting, with a sample shop of about " + size);
        stack.startServers();
        Shop shop = SampleStack.shop(stack, "shop").create(size);
        databaseBytes = shop.bytes();
        SampleStack.enrol(stack, shop);
        stack.startServices();
        stack.with(ShopApplication.start(shop, stack.ports().application()));
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
        for (int round = 0; round <= rounds; round++) round(shop, events, round);
    }

    /** Round 0 warms everything up and does not count. */
    private void round(Shop shop, EventStream events, int round) throws SQLException, IOException {
        String migration = "round-" + round;
        double bareMillis;
        double gateMillis;
        try (Writers writers = Writers.start(shop, Sessions.own(shop), CLIENTS)) {
            Ledger ledger = writers.ledger();
            allWrite(ledger);
            bareMillis = BareClone.millis(shop);
            allWrite(ledger);
            Instant asked = Instant.now();
            Gate.Outcome.Open open = askGate(shop, migration);
            gateMillis = millis(asked, Instant.now());
            SnapshotEvent.Proven shadow = events.await(
                            SnapshotEvent.Proven.class, each -> each.snapshot().equals(open.snapshot()), LIMIT)
                    .orElseThrow(() -> new CommandFailedException("the snapshot was not proven"));
            shop.migrateBadly();
            allWrite(ledger);
            Instant requested = Instant.now();
            RollbackOutcomeEvent.Completed completed = rollback(shop, events, migration);
            Instant ended = Instant.now();
            allWrite(ledger);
            if (round > 0) {
                bare.add(bareMillis);
                gate.add(gateMillis);
                proven.add((double) shadow.millis());
                closed.add(completed.outageMillis());
                ledger.longestGaps(requested, ended).forEach(gap -> outage.add(gap.toNanos() / 1e6));
                longestOutage.add(ledger.longestGap(requested, ended).toNanos() / 1e6);
                requestToOutcome.add(millis(requested, ended));
                tell.step(String.format(
                        Locale.ROOT,
                        "round %d: gate %.0f ms (by hand %.0f), longest outage %.0f ms, outcome after %.0f ms",
                        round,
                        gateMillis,
                        bareMillis,
                        longestOutage.values().getLast(),
                        requestToOutcome.values().getLast()));
            }
            events.await(RollbackEvent.LossCounted.class, each -> each.rollback().equals(migration), LIMIT);
            bareSwaps(shop, ledger, round);
        }
        BareClone.tidy(shop);
    }

    /** There and back, so that the enrolled database is live again. */
    private void bareSwaps(Shop shop, Ledger ledger, int round) throws SQLException {
        BareSwap.prepare(shop);
        for (int way = 0; way < 2; way++) {
            allWrite(ledger);
            Instant before = Instant.now();
            BareSwap.swap(shop);
            Instant after = Instant.now();
            allWrite(ledger);
            if (round == 0) continue;
            ledger.longestGaps(before, after).forEach(gap -> bareOutage.add(gap.toNanos() / 1e6));
            longestBareOutage.add(ledger.longestGap(before, after).toNanos() / 1e6);
        }
        BareSwap.tidy(shop);
    }

    private RollbackOutcomeEvent.Completed rollback(Shop shop, EventStream events, String migration) {
        events.publish(new RollbackRequestEvent.Requested(
                shop.database(), migration, migration, null, null, "the benchmark", "bench"));
        RollbackOutcomeEvent outcome = events.await(
                        RollbackOutcomeEvent.class, each -> each.rollback().equals(migration), LIMIT)
                .orElseThrow(() -> new CommandFailedException("there was no outcome"));
        if (outcome instanceof RollbackOutcomeEvent.Completed completed) return completed;
        throw new CommandFailedException("the rollback did not complete: " + EventLine.of(outcome));
    }

    private Gate.Outcome.Open askGate(Shop shop, String migration) throws IOException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            return switch (new Gate(client).await(shop.database(), migration, LIMIT)) {
                case Gate.Outcome.Open open -> open;
                case Gate.Outcome.Closed shut ->
                    throw new CommandFailedException("the gate stayed closed: " + shut.reason());
            };
        }
    }

    private static void allWrite(Ledger ledger) {
        Instant now = Instant.now();
        Waiting.until(
                () -> ledger.clients() == CLIENTS && ledger.everyClientSucceededSince(now), Duration.ofSeconds(30));
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
