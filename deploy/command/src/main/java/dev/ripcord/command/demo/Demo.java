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
import dev.ripcord.events.RipcordEvent;
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
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The main job, end to end, with an application that goes on writing all the time. Read {@link #run} downwards. */
final class Demo {

    static final int CLIENTS = 10;

    private static final String MIGRATION = "2026-11-prices-in-euros";
    private final Stack stack;
    private final Size size;
    private final Narrator tell;
    private final Duration limit;
    private final Expectations expect = new Expectations();

    Demo(Stack stack, Size size, Narrator tell) {
        this.stack = stack;
        this.size = size;
        this.tell = tell;
        this.limit = Duration.ofSeconds(120 + size.megabytes() / 4);
    }

    Summary run() throws SQLException, IOException {
        Scene scene = start();
        Migrated migrated = migrate(scene);
        TakenBack takenBack = takeBack(scene);
        return check(scene, migrated, takenBack);
    }

    /** The shop, its application, and clients that place orders until their ledger is closed. */
    private record Scene(Shop shop, ShopApplication application, EventStream events, Writers writers, long bytes) {
        Ledger ledger() {
            return writers.ledger();
        }
    }

    private Scene start() throws SQLException {
        tell.step("PostgreSQL and Kafka are starting in " + stack.folder().root());
        stack.startServers();
        tell.step("Making a sample shop of about " + size);
        Shop shop = SampleStack.shop(stack, "shop").create(size);
        long bytes = shop.bytes();
        SampleStack.enrol(stack, shop);
        tell.step("Its server is enrolled; starting the four services");
        stack.startServices();
        ShopApplication application =
                stack.with(ShopApplication.start(shop, stack.ports().application()));
        EventStream events = stack.with(EventStream.follow(stack.bootstrapServers(), this::show));
        Writers writers = stack.with(Writers.start(shop, Sessions.pooled(shop, CLIENTS), CLIENTS));
        waitUntil("every client places orders", () -> writers.ledger().acknowledged() > 50L * CLIENTS);
        expect.that(
                "the application is green before the migration",
                health(application).isEmpty());
        return new Scene(shop, application, events, writers, bytes);
    }

    private record Migrated(
            Instant asked, Instant opened, SnapshotEvent.Completed snapshot, SnapshotEvent.Proven proven) {}

    private Migrated migrate(Scene scene) throws SQLException, IOException {
        tell.step(
                "The pipeline asks before its migration, and waits at the gate; " + CLIENTS + " clients place orders");
        String database = scene.shop().database();
        Instant asked = Instant.now();
        scene.events().publish(new MigrationEvent.Started(database, MIGRATION, "the demo's pipeline"));
        String snapshot = askGate(scene.shop()).snapshot();
        Instant opened = Instant.now();
        tell.step("The gate is open after " + millis(asked, opened) + " ms: the migration runs");
        scene.shop().migrateBadly();
        scene.events().publish(new MigrationEvent.Completed(database, MIGRATION));
        waitUntil("the application notices", () -> !health(scene.application()).isEmpty());
        tell.step("The application is red: " + health(scene.application()));
        SnapshotEvent.Completed taken = await(
                scene, SnapshotEvent.Completed.class, event -> event.snapshot().equals(snapshot));
        SnapshotEvent.Proven proven = await(
                scene, SnapshotEvent.Proven.class, event -> event.snapshot().equals(snapshot));
        expect.that(
                "one snapshot was taken for the migration",
                scene.events().all(SnapshotEvent.Completed.class).size() == 1);
        long before = scene.ledger().acknowledged();
        waitUntil("more orders are placed", () -> scene.ledger().acknowledged() > before + 500);
        return new Migrated(asked, opened, taken, proven);
    }

    private record TakenBack(
            Instant requested,
            Instant ended,
            RollbackOutcomeEvent.Completed completed,
            RollbackEvent.LossCounted counted) {}

    private TakenBack takeBack(Scene scene) {
        String id =
                "demo-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        tell.step("Somebody asks for the rollback");
        Instant requested = Instant.now();
        scene.events()
                .publish(new RollbackRequestEvent.Requested(
                        scene.shop().database(),
                        id,
                        MIGRATION,
                        null,
                        null,
                        "the shop is red since the migration",
                        "the demo"));
        RollbackOutcomeEvent outcome = await(
                scene, RollbackOutcomeEvent.class, event -> event.rollback().equals(id));
        Instant ended = Instant.now();
        if (!(outcome instanceof RollbackOutcomeEvent.Completed completed)) {
            throw new DemoFailedException("the rollback did not complete: " + EventLine.of(outcome));
        }
        expect.that(
                "the verification passed",
                !scene.events().all(VerificationEvent.Passed.class).isEmpty());
        waitUntil(
                "the application is green again",
                () -> health(scene.application()).isEmpty());
        tell.step("The application is green again, " + millis(requested, Instant.now()) + " ms after the request");
        waitUntil("every client is back", () -> scene.ledger().everyClientSucceededSince(ended));
        scene.writers().close();
        tell.step("The clients stop; what was lost is being counted, row by row");
        RollbackEvent.LossCounted counted = await(
                scene,
                RollbackEvent.LossCounted.class,
                event -> event.rollback().equals(id));
        return new TakenBack(requested, ended, completed, counted);
    }

    private Summary check(Scene scene, Migrated migrated, TakenBack takenBack) throws SQLException, IOException {
        tell.step("Everything is held against what the clients remember and against the manifest");
        Ledger ledger = scene.ledger();
        RollbackOutcomeEvent.Completed completed = takenBack.completed();
        expect.books(
                Books.compare(
                        scene.shop(),
                        completed.failedDatabase(),
                        ledger,
                        migrated.asked(),
                        migrated.opened(),
                        takenBack.requested()),
                takenBack.counted().loss());
        boolean matches = expect.none(
                "the live database equals the manifest",
                Restored.differences(stack, scene.shop(), migrated.proven().manifest()));
        expectMessages(scene.application(), completed.rollback());
        return new Summary(
                migrated.snapshot().millis(),
                millis(migrated.asked(), migrated.opened()),
                migrated.proven().millis(),
                ledger.longestGap(migrated.asked(), migrated.opened()).toMillis(),
                ledger.longestGap(takenBack.requested(), takenBack.ended()).toMillis(),
                completed.outageMillis(),
                millis(takenBack.requested(), takenBack.ended()),
                matches,
                Expectations.lost(takenBack.counted().loss()),
                Expectations.changed(takenBack.counted().loss()),
                ledger.acknowledged(),
                completed.failedDatabase(),
                completed.undo(),
                scene.bytes(),
                stack.postgres().version(),
                Processes.of(stack),
                0,
                expect.problems());
    }

    private Gate.Outcome.Open askGate(Shop shop) throws IOException {
        try (ServiceClient client = new ServiceClient(stack.address(Service.SNAPSHOT), stack.token("requester"))) {
            return switch (new Gate(client).await(shop.database(), MIGRATION, limit)) {
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

    private <E extends RipcordEvent> E await(Scene scene, Class<E> kind, Predicate<E> wanted) {
        return scene.events()
                .await(kind, wanted, limit)
                .orElseThrow(() -> new DemoFailedException(
                        "no " + kind.getName().replaceAll(".*\\.", "") + " came within " + limit.toSeconds() + " s"));
    }

    private void waitUntil(String what, BooleanSupplier holds) {
        if (!Waiting.until(holds, limit)) {
            throw new DemoFailedException("waited " + limit.toSeconds() + " s in vain until " + what);
        }
    }

    private static long millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }
}
