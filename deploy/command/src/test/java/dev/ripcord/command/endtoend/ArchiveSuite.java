package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.follow.EventStream;
import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.DatabasesFile;
import dev.ripcord.command.stack.EnrolledServer;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.SecretFiles;
import dev.ripcord.command.stack.Service;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.StackFolder;
import dev.ripcord.command.stack.StackPorts;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stack whose snapshots are archives, on the PostgreSQL version that client programs are installed of. */
final class ArchiveSuite implements AutoCloseable {

    static final int MAJOR = 15;
    static final Duration LIMIT = Duration.ofSeconds(120);

    /** Restored from archives. */
    static final String COLD = "cold";

    /** Built anew from scripts. */
    static final String LOST = "lost";

    /** Without a second server. */
    static final String LATER = "later";

    /** Moved to the second server by a hook, and closed where it was. */
    static final String AWAY = "away";

    final Stack stack;
    final EventStream events;
    final EmbeddedPostgres second;
    final CutOver cutOver;

    ArchiveSuite() throws SQLException {
        stack = new Stack(Installation.here(), StackFolder.temporary("archives"), StackPorts.free());
        try {
            stack.startServers(MAJOR);
            SampleStack.shop(stack, COLD).create(new Size(12));
            SampleStack.shop(stack, LOST).create(new Size(1));
            SampleStack.shop(stack, AWAY).create(new Size(1));
            SampleStack.shop(stack, LATER).create(new Size(1));
            second = stack.with(EmbeddedPostgres.start(stack.folder().root().resolve("second"), MAJOR, 0));
            cutOver = stack.with(new CutOver());
            DatabasesFile.write(
                    stack.folder().databases(),
                    List.of(
                            with(enrolled(COLD), second(COLD, Map.of())),
                            enrolled(LOST),
                            enrolled(LATER),
                            with(enrolled(AWAY), second(AWAY, Map.of("cutOver", cutOver.address(), "closeOld", true)))),
                    List.of());
            stack.startServices();
            events = stack.with(EventStream.follow(stack.bootstrapServers(), seen -> {}));
        } catch (RuntimeException | SQLException e) {
            close();
            throw e;
        }
    }

    private Map<String, Object> enrolled(String shop) {
        Map<String, Object> entry =
                stack.server().enrol(stack.vertx(), shop, shop, Environment.development, true, false);
        Map<String, Object> snapshot = new LinkedHashMap<>();
        snapshot.put("form", "archive");
        snapshot.put("store", store().toString());
        entry.put("snapshot", snapshot);
        entry.put(
                "rebuild",
                Map.of(
                        "baseline",
                        scripts(shop, "baseline").toString(),
                        "seeds",
                        scripts(shop, "seeds").toString()));
        entry.put(
                "checks",
                Map.of(
                        "sql",
                        List.of(Map.of(
                                "name",
                                "products",
                                "query",
                                "select count(*) >= 0 from public.products",
                                "expect",
                                "true"))));
        return entry;
    }

    private static Map<String, Object> with(Map<String, Object> entry, Map<String, Object> secondServer) {
        entry.put("secondServer", secondServer);
        return entry;
    }

    private Map<String, Object> second(String shop, Map<String, Object> policy) throws SQLException {
        for (String role : List.of("shop_owner", "shop_app")) {
            onSecond()
                    .execute(
                            "postgres",
                            "do $$ begin create role " + role
                                    + " login; exception when duplicate_object then null; end $$");
        }
        EnrolledServer server = new EnrolledServer(
                second.host(),
                second.port(),
                EnrolledServer.superuser(second.superuser(), second.dataFolder().resolve("password")),
                new SecretFiles(stack.folder().root().resolve("second-secrets")));
        Map<String, Object> entry =
                server.enrolSecond(stack.vertx(), shop, shop, Environment.development, List.of("shop_owner"));
        entry.putAll(policy);
        return entry;
    }

    /** The second server, as its superuser. */
    OnServer onSecond() {
        return new OnServer(second.server());
    }

    Path store() {
        return stack.folder().root().resolve("store");
    }

    Path scripts(String shop, String kind) {
        try {
            return Files.createDirectories(
                    stack.folder().root().resolve("scripts").resolve(shop).resolve(kind));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shop shop(String name) {
        return SampleStack.shop(stack, name);
    }

    OnServer server() {
        return new OnServer(stack.postgres().server());
    }

    ServiceClient client(Service service) {
        return new ServiceClient(stack.address(service), stack.token("administrator"));
    }

    /** A proven snapshot before a new migration. */
    SnapshotEvent.Proven proven(String shop) throws IOException {
        String migration = "migration-" + Scenario.shortId();
        try (ServiceClient client = client(Service.SNAPSHOT)) {
            Gate gate = new Gate(client);
            assertThat(gate.await(shop, migration, LIMIT)).isInstanceOf(Gate.Outcome.Open.class);
            assertThat(gate.tell(shop, migration, "completed", null).good()).isTrue();
        }
        return events.await(
                        SnapshotEvent.Proven.class, event -> event.migration().equals(migration), LIMIT)
                .orElseThrow();
    }

    String request(String shop, @Nullable String migration, Way way) {
        String rollback = "back-" + Scenario.shortId();
        events.publish(new RollbackRequestEvent.Requested(
                shop, rollback, migration, null, null, "the test asks", "test", way));
        return rollback;
    }

    RollbackEvent.Planned planned(String rollback, String method) {
        return events.await(
                        RollbackEvent.Planned.class,
                        event -> event.rollback().equals(rollback)
                                && event.plan().method().equals(method),
                        LIMIT)
                .orElseThrow();
    }

    <O extends RollbackOutcomeEvent> O outcome(String rollback, Class<O> kind) {
        RollbackOutcomeEvent outcome = events.await(
                        RollbackOutcomeEvent.class, event -> event.rollback().equals(rollback), LIMIT)
                .orElseThrow();
        assertThat(outcome).isInstanceOf(kind);
        return kind.cast(outcome);
    }

    @Override
    public void close() {
        stack.close();
        stack.folder().delete();
    }
}
