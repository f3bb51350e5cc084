package dev.ripcord.command.demo;

import dev.ripcord.command.follow.EventLine;
import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Books;
import dev.ripcord.command.sample.Ledger;
import dev.ripcord.command.sample.Restored;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Sessions;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.ShopApplication;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.sample.Writers;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The main job, end to end, with an application that goes on writing all the time. Read {@link #run} downwards. */
final class Demo {

    static final int CLIENTS = 10;

    private static final String MIGRATION = "2026-11-prices-in-euros";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Stack stack;
    private final Size size;
    private final Narrator tell;
    private final Expectations expect = new Expectations();

    Demo(Stack stack, Size size, Narrator tell) {
        this.stack = stack;
        this.size = size;
        this.tell = tell;
    }

    Summary run() throws SQLException, IOException {
        tell.step("PostgreSQL and Kafka are starting in " + stack.folder().root());
        stack.startServers();
        tell.step("Making a sample shop of about " + size);
        Shop shop = SampleStack.shop(stack, "shop").create(size);
        SampleStack.enrol(stack, shop);
        tell.step("Its server is enrolled; starting the four services");
        stack.startServices();
        ShopApplication application =
                stack.with(ShopApplication.start(shop, stack.ports().application()));
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), this::show));
        Writers writers = stack.with(Writers.start(shop, Sessions.pooled(shop, CLIENTS), CLIENTS));
        Ledger ledger = writers.ledger();
        waitUntil("every client places orders", () -> ledger.acknowledged() > 50L * CLIENTS);
        expect.that(
                "the application is green before the migration",
                health(application).isEmpty());

        tell.step(
                "The pipeline asks before its migration, and waits at the gate; " + CLIENTS + " clients place orders");
        long bytes = shop.bytes();
        Instant asked = Instant.now();
        events.publish(new MigrationEvent.Started(shop.database(), MIGRATION, "the demo's pipeline"));
        Gate.Outcome.Open gate = askGate(shop);
        Instant opened = Instant.now();
        tell.step("The gate is open after " + millis(asked, opened) + " ms: the migration runs");
        shop.migrateBadly();
        events.publish(new MigrationEvent.Completed(shop.database(), MIGRATION));
        waitUntil("the application notices", () -> !health(application).isEmpty());
        tell.step("The application is red: " + health(application));
        SnapshotEvent.Completed taken = await(
                events.await(
                        SnapshotEvent.Completed.class, each -> each.snapshot().equals(gate.snapshot()), LIMIT),
                "snapshot.completed");
        SnapshotEvent.Proven proven = await(
                events.await(SnapshotEvent.Proven.class, each -> each.snapshot().equals(gate.snapshot()), LIMIT),
                "snapshot.proven");
        expect.that(
                "one snapshot was taken for the migration",
                events.all(SnapshotEvent.Completed.class).size() == 1);
        long before = ledger.acknowledged();
        waitUntil("more orders are placed", () -> ledger.acknowledged() > before + 500);

        String id =
                "demo-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        tell.step("Somebody asks for the rollback");
        Instant requested = Instant.now();
        events.publish(new RollbackRequestEvent.Requested(
                shop.database(), id, MIGRATION, null, null, "the shop is red since the migration", "the demo"));
        RollbackOutcomeEvent outcome = await(
                events.await(RollbackOutcomeEvent.class, each -> each.rollback().equals(id), LIMIT), "an outcome");
        Instant ended = Instant.now();
        if (!(outcome instanceof RollbackOutcomeEvent.Completed completed)) {
            throw new DemoFailedException("the rollback did not complete: " + EventLine.of(outcome));
        }
        expect.that(
                "the verification passed",
                !events.all(VerificationEvent.Passed.class).isEmpty());
        waitUntil("the application is green again", () -> health(application).isEmpty());
        tell.step("The application is green again, " + millis(requested, ended) + " ms after the request");
        waitUntil("every client is back", () -> ledger.everyClientSucceededSince(ended));
        writers.close();
        RollbackEvent.LossCounted counted = await(
                events.await(
                        RollbackEvent.LossCounted.class, each -> each.rollback().equals(id), LIMIT),
                "rollback.loss-counted");

        tell.step("Everything is held against what the clients remember and against the manifest");
        Books books = Books.compare(shop, completed.failedDatabase(), ledger, asked, opened, requested);
        expect.books(books, counted.loss());
        boolean matches = expect.none(
                "the live database equals the manifest", Restored.differences(stack, shop, proven.manifest()));
        expectMessages(application, id);
        return new Summary(
                taken.millis(),
                millis(asked, opened),
                proven.millis(),
                ledger.longestGap(asked, opened).toMillis(),
                ledger.longestGap(requested, ended).toMillis(),
                completed.outageMillis(),
                millis(requested, ended),
                matches,
                Expectations.lost(counted.loss()),
                Expectations.changed(counted.loss()),
                ledger.acknowledged(),
                completed.failedDatabase(),
                completed.undo(),
                bytes,
                stack.postgres().version(),
                Processes.of(stack),
                0,
                expect.problems());
    }

    private Gate.Outcome.Open askGate(Shop shop) throws IOException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            return switch (new Gate(client).await(shop.database(), MIGRATION, LIMIT)) {
                case Gate.Outcome.Open open -> open;
                case Gate.Outcome.Closed closed ->
                    throw new DemoFailedException("the gate stayed closed: " + closed.reason() + "; " + closed.next());
            };
        }
    }

    private void expectMessages(ShopApplication application, String rollback) throws IOException {
        for (String channel : new String[] {"chat", "subscriber"}) {
            boolean heard = Waiting.until(
                    () -> application.messages(channel).stream().anyMatch(message -> message.contains(rollback)),
                    Duration.ofSeconds(15));
            expect.that("the " + channel + " heard of the rollback", heard);
        }
        try (ServiceClient page = new ServiceClient(stack.address(Service.NOTIFIER), stack.token("viewer"))) {
            boolean shown = page.get("/status.json").body().toString().contains(rollback);
            expect.that("the status page shows the rollback", shown);
        }
    }

    private void show(EventStream.Seen seen) {
        tell.event(seen.envelope().type(), EventLine.of(seen.envelope().event()));
    }

    private static String health(ShopApplication application) {
        return application.health().problem();
    }

    private static <T> T await(java.util.Optional<T> found, String what) {
        return found.orElseThrow(
                () -> new DemoFailedException(what + " did not come within " + LIMIT.toSeconds() + " s"));
    }

    private static void waitUntil(String what, java.util.function.BooleanSupplier holds) {
        if (!Waiting.until(holds, LIMIT)) {
            throw new DemoFailedException("waited " + LIMIT.toSeconds() + " s in vain until " + what);
        }
    }

    private static long millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }
}
