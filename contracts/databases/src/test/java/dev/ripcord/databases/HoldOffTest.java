package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The swap behind which everybody waits. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class HoldOffTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Command R1 = new Command("r1", 1);

    private final ProtectedServer server;

    HoldOffTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void whoever_connects_meanwhile_waits_and_comes_into_the_copy() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        long live = server.oid(name);
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.prepareToClose();
            admin.holdOff(R1, identity, List.of());
            CompletableFuture<String> client = CompletableFuture.supplyAsync(() -> databaseOf(name));
            await().during(Duration.ofMillis(200)).atMost(Duration.ofSeconds(2)).until(() -> !client.isDone());
            admin.swapHeldOff(R1, identity, copy, shop.failedName("r1"), WITHIN, "a1");
            assertThat(client.get()).isEqualTo(String.valueOf(copy));
            assertThat(server.oid(name)).isEqualTo(copy);
            assertThat(server.oid(shop.failedName("r1"))).isEqualTo(live);
            assertThat(admin.sealOf(live)).as("the failed one is closed").isPresent();
            assertThat(admin.done(R1, "swapped")).isTrue();
        }
    }

    @Test
    void let_go_or_not_heard_of_any_more_it_leaves_all_as_it_was() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        long live = server.oid(name);
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.holdOff(R1, identity, List.of());
            admin.letGo();
            assertThat(databaseOf(name)).isEqualTo(String.valueOf(live));
            admin.holdOff(R1, identity, List.of());
            assertThat(databaseOf(name)).as("the server lets go by itself").isEqualTo(String.valueOf(live));
        }
        assertThat(server.ask(
                        shop.server().adminDatabase(),
                        "select count(*) from ripcord.hold where database_id = '" + shop.id() + "'"))
                .isEqualTo("0");
    }

    @Test
    void where_the_list_of_databases_is_in_use_it_is_refused_at_once_and_nothing_is_changed() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        try (AdminSession admin = server.rollback(shop);
                Connection reader = server.connect("postgres");
                Statement statement = reader.createStatement()) {
            Identity identity = admin.identify();
            reader.setAutoCommit(false);
            statement.execute("select count(*) from pg_database");
            assertThatThrownBy(() -> admin.holdOff(R1, identity, List.of()))
                    .isInstanceOfSatisfying(
                            DatabaseFailure.class,
                            failure -> assertThat(failure.sqlState()).isEqualTo("RC008"));
            admin.letGo();
            assertThat(databaseOf(name)).isEqualTo(String.valueOf(identity.oid()));
        }
    }

    private String databaseOf(String name) {
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("select oid from pg_database where datname = current_database()")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            return "refused: " + e.getMessage();
        }
    }
}
