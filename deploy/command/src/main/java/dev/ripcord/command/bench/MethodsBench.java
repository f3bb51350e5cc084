package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.follow.EventLine;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways back that leave the database where it stands, each beside the runbook's, with clients that write all the time. */
final class MethodsBench {

    private static final int CLIENTS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Way TABLE = new Way("partial", List.of("public.measurements"), false, null, 0, null, false);

    private final Stack stack;
    private final Narrator tell;
    private final Compared tenth = new Compared("partial, every tenth row wrong", "TRUNCATE and COPY");
    private final Compared whole = new Compared("partial, all rows wrong", "TRUNCATE and COPY");
    private final Compared structure = new Compared("schema, 50 objects changed", "dump restored over it");
    private long tableBytes;
    private long databaseBytes;

    MethodsBench(Stack stack, Narrator tell) {
        this.stack = stack;
        this.tell = tell;
    }

    void run(Size size, int rounds) throws SQLException, IOException {
        tell.step("Starting, with a sample shop of about " + size + " and a table of 100 MB");
        stack.startServers();
        Shop shop = SampleStack.shop(stack, "shop").create(size);
        MeasuredTable.make(shop);
        tableBytes = MeasuredTable.bytes(shop);
        databaseBytes = shop.bytes();
        SampleStack.enrol(stack, shop);
        stack.startServices();
        stack.with(ShopApplication.start(shop, stack.ports().application()));
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
        Runbook runbook = new Runbook(shop, stack.folder().root().resolve("runbook"));
        for (int round = 1; round <= rounds; round++) {
            compare(shop, events, round, tenth, TABLE, () -> MeasuredTable.wrong(shop, 10), runbook, runbook::table);
            compare(shop, events, round, whole, TABLE, () -> MeasuredTable.wrong(shop, 1), runbook, runbook::table);
            compare(
                    shop,
                    events,
                    round,
                    structure,
                    Way.of("schema"),
                    () -> MeasuredTable.migrate(shop),
                    runbook,
                    runbook::everything);
        }
    }

    /** For people: medians, and the ratio to the runbook's way. */
    String lines() {
        return String.format(
                        Locale.ROOT,
                        "%nTable of %d MB in a database of %d MB, %d clients; medians in ms%n%-32s%10s%10s%12s%n",
                        tableBytes >> 20,
                        databaseBytes >> 20,
                        CLIENTS,
                        "",
                        "outage",
                        "snapshot",
                        "duration")
                + Stream.of(tenth, whole, structure).map(Compared::lines).collect(Collectors.joining("\n"));
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("tableBytes", tableBytes);
        figures.put("databaseBytes", databaseBytes);
        figures.put("clients", CLIENTS);
        Stream.of(tenth, whole, structure).forEach(each -> figures.put(each.what, each.figures()));
        return figures;
    }

    /** The same damage twice, mended by each of the two. */
    private void compare(
            Shop shop,
            EventStream events,
            int round,
            Compared compared,
            Way way,
            Damage damage,
            Runbook runbook,
            ByHand byHand)
            throws SQLException, IOException {
        String migration = compared.what.replaceAll("[^a-z0-9]+", "-") + "-" + round;
        runbook.dump();
        askGate(shop, migration);
        damage.done();
        events.publish(new MigrationEvent.Completed(shop.database(), migration));
        double gap;
        double millis;
        try (Pulse pulse = Pulse.start(shop, CLIENTS)) {
            awaitBeats(pulse);
            long began = System.nanoTime();
            rollback(shop, events, migration, way);
            millis = (System.nanoTime() - began) / 1e6;
            awaitBeats(pulse);
            gap = pulse.longestGapSince(began);
        }
        double pause = events.await(
                        SnapshotEvent.Completed.class,
                        taken -> taken.migration().equals("rollback/" + migration),
                        LIMIT)
                .map(taken -> (double) taken.pauseMillis())
                .orElse(Double.NaN);
        damage.done();
        double gapByHand;
        double millisByHand;
        try (Pulse pulse = Pulse.start(shop, CLIENTS)) {
            awaitBeats(pulse);
            long began = System.nanoTime();
            millisByHand = byHand.millis();
            awaitBeats(pulse);
            gapByHand = pulse.longestGapSince(began);
        }
        shop.dropCopies();
        compared.add(gap, pause, millis, gapByHand, millisByHand);
        tell.step(String.format(
                Locale.ROOT,
                "round %d, %s: outage %.0f ms, done after %.0f ms; by the runbook %.0f and %.0f ms",
                round,
                compared.what,
                gap,
                millis,
                gapByHand,
                millisByHand));
    }

    private void rollback(Shop shop, EventStream events, String migration, Way way) {
        events.publish(new RollbackRequestEvent.Requested(
                shop.database(), migration, migration, null, null, "the benchmark", "bench", way));
        RollbackOutcomeEvent outcome = events.await(
                        RollbackOutcomeEvent.class, each -> each.rollback().equals(migration), LIMIT)
                .orElseThrow(() -> new CommandFailedException("there was no outcome"));
        if (!(outcome instanceof RollbackOutcomeEvent.CompletedInPlace)) {
            throw new CommandFailedException("the rollback did not complete in place: " + EventLine.of(outcome));
        }
    }

    private void askGate(Shop shop, String migration) throws IOException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            if (new Gate(client).await(shop.database(), migration, LIMIT) instanceof Gate.Outcome.Closed shut) {
                throw new CommandFailedException("the gate stayed closed: " + shut.reason());
            }
        }
    }

    private static void awaitBeats(Pulse pulse) {
        pulse.awaitBeat(CLIENTS, Duration.ofSeconds(60));
    }

    /** What a bad migration does. */
    private interface Damage {
        void done() throws SQLException;
    }

    /** What a person does about it; in milliseconds. */
    private interface ByHand {
        double millis() throws SQLException, IOException;
    }
}
