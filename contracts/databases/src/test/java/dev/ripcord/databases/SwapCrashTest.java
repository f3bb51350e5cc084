package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The server dies while two names change hands. */
class SwapCrashTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final int CRASHES = 3;

    private final ProtectedServer server = ProtectedServer.durable(18);

    @Test
    void a_server_that_is_killed_during_a_swap_has_swapped_wholly_or_not_at_all() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        long live = server.oid(name);
        long copy = server.shadow(shop, "a1");
        for (int i = 0; i < CRASHES; i++) {
            Command command = new Command("r" + i, 1);
            String kept = shop.failedName("r" + i);
            long expectedKept = live;
            try (AdminSession admin = server.rollback(shop)) {
                Identity identity = admin.identify();
                admin.close(command, identity, false);
                admin.endSessions(command, identity, List.of(), WITHIN);
                CompletableFuture<Void> swap = swapping(admin, command, identity, copy, kept);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5L * i));
                server.postgres().kill();
                swap.handle((nothing, failure) -> nothing).get(20, TimeUnit.SECONDS);
            }
            server.postgres().restart();
            boolean swapped = finish(shop, command, live, copy, kept);
            assertThat(server.ask(name, "select count(*) from public.orders")).isEqualTo("10");
            assertThat(swapped).isTrue();
            assertThat(server.oid(kept)).isEqualTo(expectedKept);
            long before = live;
            live = copy;
            copy = before;
        }
    }

    private static CompletableFuture<Void> swapping(
            AdminSession admin, Command command, Identity identity, long copy, String kept) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                admin.swap(command, identity, copy, kept, WITHIN, "a1");
                done.complete(null);
            } catch (DatabaseFailure e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** Looks at what the crash left, which must be one of two states, and goes on with the same command. */
    private boolean finish(EnrolledDatabase shop, Command command, long live, long copy, String kept)
            throws SQLException {
        try (AdminSession admin = server.rollback(shop)) {
            Identity now = admin.identify();
            boolean swapped = admin.done(command, "swapped");
            assertThat(now.oid()).isEqualTo(swapped ? copy : live);
            assertThat(server.ask("postgres", "select count(*) from pg_database where datname = '" + kept + "'"))
                    .isEqualTo(swapped ? "1" : "0");
            assertThat(server.ask("ripcord_admin", "select count(*) from ripcord.hold"))
                    .isEqualTo(swapped ? "0" : "1");
            assertThat(server.ask("postgres", "select datallowconn from pg_database where oid = " + now.oid()))
                    .isEqualTo(swapped ? "t" : "f");
            Identity planned = new Identity(now.systemIdentifier(), now.marker(), live, now.serverVersion());
            admin.swap(command, planned, copy, kept, WITHIN, "a1");
            return admin.done(command, "swapped") && admin.identify().oid() == copy;
        }
    }
}
