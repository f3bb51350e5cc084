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
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Rounds of: a copy by hand, a gate, a bad migration, a rollback; with clients that write all the time. */
final class Bench {

    private static final int CLIENTS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(30);

    private final Stack stack;
    private final Narrator tell;
    private final boolean plans;
    final Series bare = new Series();
    final Series gate = new Series();
    final Series proven = new Series();
    final Series closed = new Series();
    final Series outage = new Series();
    final Series longestOutage = new Series();
    final Series bareOutage = new Series();
    final Series longestBareOutage = new Series();
    final Series requestToOutcome = new Series();
    final Series plan = new Series();
    long databaseBytes;

    /** With {@code plans}, the loss statement of a plan that somebody reads is measured too. */
    Bench(Stack stack, Narrator tell, boolean plans) {
        this.stack = stack;
        this.tell = tell;
        this.plans = plans;
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
            // each of the two comes first every other time: what the one leaves to be written, the other waits for
            boolean byHandFirst = round % 2 == 0;
            double early = byHandFirst ? byHand(shop, ledger) : 0;
            allWrite(ledger);
            Opened opened = askGate(shop, migration);
            gateMillis = opened.millis();
            SnapshotEvent.Proven shadow = events.await(
                            SnapshotEvent.Proven.class,
                            each -> each.snapshot().equals(opened.gate().snapshot()),
                            LIMIT)
                    .orElseThrow(() -> new CommandFailedException("the snapshot was not proven"));
            bareMillis = byHandFirst ? early : byHand(shop, ledger);
            allWrite(ledger);
            shop.migrateBadly();
            events.publish(new MigrationEvent.Completed(shop.database(), migration));
            allWrite(ledger);
            if (plans) {
                double planMillis = planMillis(shop, events, migration);
                if (round > 0) plan.add(planMillis);
            }
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
                        "round %d: gate %.0f ms (taken in %d, closed for %d; by hand %.0f), longest outage %.0f ms, outcome after %.0f ms",
                        round,
                        gateMillis,
                        opened.gate().millis(),
                        opened.gate().pauseMillis(),
                        bareMillis,
                        longestOutage.values().getLast(),
                        requestToOutcome.values().getLast()));
            }
            events.await(
                    RollbackEvent.LossCounted.class, each -> each.rollback().equals(migration), LIMIT);
            bareSwaps(shop, ledger, round);
        }
        shop.dropCopies();
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

    /** From asking for a plan to having it, with every table compared as far as its time allows. */
    private double planMillis(Shop shop, EventStream events, String migration) {
        String rollback = "plan-" + migration;
        Instant asked = Instant.now();
        events.publish(new RollbackRequestEvent.Requested(
                shop.database(),
                rollback,
                migration,
                null,
                null,
                "the benchmark",
                "bench",
                new Way("full", List.of(), false, null, 0, null, true)));
        Plan made = events.await(
                        RollbackEvent.Planned.class, each -> each.rollback().equals(rollback), LIMIT)
                .orElseThrow(() -> new CommandFailedException("there was no plan"))
                .plan();
        double millis = millis(asked, Instant.now());
        tell.step(String.format(
                Locale.ROOT,
                "plan after %.0f ms: %s; %s",
                millis,
                EventLine.loss(made.loss()),
                made.losses().basis()));
        return millis;
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

    private static double byHand(Shop shop, Ledger ledger) throws SQLException {
        allWrite(ledger);
        return BareClone.millis(shop);
    }

    /** A gate that opened, and how long it took from the question on. */
    private record Opened(Gate.Outcome.Open gate, double millis) {}

    private Opened askGate(Shop shop, String migration) throws IOException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            Instant asked = Instant.now();
            return switch (new Gate(client).await(shop.database(), migration, LIMIT)) {
                case Gate.Outcome.Open open -> new Opened(open, millis(asked, Instant.now()));
                case Gate.Outcome.Closed shut ->
                    throw new CommandFailedException("the gate stayed closed: " + shut.reason());
            };
        }
    }

    private static void allWrite(Ledger ledger) {
        Instant now = Instant.now();
        if (!Waiting.until(() -> ledger.clients() == CLIENTS && ledger.everyClientSucceededSince(now), OUTAGE_LIMIT)) {
            throw new CommandFailedException("not every client got through within " + OUTAGE_LIMIT.toSeconds()
                    + " s: an outage that does not end has no length");
        }
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }
}
