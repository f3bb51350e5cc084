package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.Books;
import dev.ripcord.command.sample.Sessions;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Writers;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.TableLoss;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One story about a shop, its application and its pipeline, told in sentences. */
final class Scenario {

    static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CLIENTS = 3;

    final RunningSuite suite;
    private final String migration = "migration-" + shortId();
    private @Nullable Writers writers;
    private @Nullable Brake brake;
    private @Nullable Shop migrating;
    private Instant asked = Instant.MAX;
    private Instant opened = Instant.MAX;
    private Instant requested = Instant.MAX;

    Scenario(RunningSuite suite) {
        this.suite = suite;
    }

    void clientsPlaceOrders() throws SQLException {
        writers = Writers.start(suite.shop, Sessions.own(suite.shop), CLIENTS);
        ordersComeIn();
    }

    /** Some more orders are acknowledged than now. */
    void ordersComeIn() {
        long before = ledger().ledger().acknowledged();
        await().atMost(LIMIT).until(() -> ledger().ledger().acknowledged() > before + 10L * CLIENTS);
    }

    Gate.Outcome pipelineAsks(Shop shop) throws IOException {
        asked = Instant.now();
        migrating = shop;
        try (ServiceClient client = client(Service.SNAPSHOT)) {
            Gate.Outcome outcome = new Gate(client).await(shop.database(), migration, LIMIT);
            opened = Instant.now();
            return outcome;
        }
    }

    void gateOpens() throws IOException {
        assertThat(pipelineAsks(suite.shop)).isInstanceOf(Gate.Outcome.Open.class);
    }

    void migrationGoesWrong() throws SQLException {
        suite.shop.migrateBadly();
        migrationEnds();
        assertThat(suite.application.health().green()).isFalse();
    }

    /** The pipeline tells its end, if it has asked at a gate; until then nothing goes back. */
    void migrationEnds() {
        if (migrating == null) return;
        suite.events.publish(new MigrationEvent.Completed(migrating.database(), migration));
        migrating = null;
    }

    /** All that comes before a request: an application that writes, a snapshot, a migration that breaks it. */
    void shopIsBroken() throws SQLException, IOException {
        clientsPlaceOrders();
        gateOpens();
        migrationGoesWrong();
        ordersComeIn();
    }

    /** The migration that this story is about. */
    String migration() {
        return migration;
    }

    String rollbackIsRequested() {
        return request(suite.shop, "rollback-" + shortId());
    }

    String request(Shop shop, String rollback) {
        migrationEnds();
        if (requested.equals(Instant.MAX)) requested = Instant.now();
        suite.events.publish(new RollbackRequestEvent.Requested(
                shop.database(), rollback, migration, null, null, "the test asks", "test"));
        return rollback;
    }

    RollbackOutcomeEvent outcomeOf(String rollback) {
        Optional<RollbackOutcomeEvent> outcome = suite.events.await(
                RollbackOutcomeEvent.class, event -> event.rollback().equals(rollback), LIMIT);
        assertThat(outcome).as("outcome of " + rollback).isPresent();
        return outcome.get();
    }

    RollbackOutcomeEvent.Completed completed(String rollback) {
        RollbackOutcomeEvent outcome = outcomeOf(rollback);
        assertThat(outcome).isInstanceOf(RollbackOutcomeEvent.Completed.class);
        return (RollbackOutcomeEvent.Completed) outcome;
    }

    void applicationIsGreen() {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(suite.application.health().problem()).isEmpty());
    }

    void applicationIsRed() {
        await().atMost(LIMIT).until(() -> !suite.application.health().green());
    }

    void everyClientIsBack() {
        Instant now = Instant.now();
        await().atMost(LIMIT).until(() -> ledger().ledger().everyClientSucceededSince(now));
    }

    Map<String, Long> lossCounted(String rollback) {
        Optional<RollbackEvent.LossCounted> counted = suite.events.await(
                RollbackEvent.LossCounted.class, event -> event.rollback().equals(rollback), LIMIT);
        assertThat(counted).as("rollback.loss-counted of " + rollback).isPresent();
        Map<String, Long> inserted = new HashMap<>();
        for (TableLoss table : counted.get().loss()) {
            if (table.inserted() > 0) inserted.put(table.table(), table.inserted());
        }
        return inserted;
    }

    /** Every acknowledged order is in the live or in the kept database; what is in the kept one alone. */
    Map<String, Long> everyOrderIsAccountedFor(String kept) throws SQLException {
        ledger().close();
        Books books = Books.compare(suite.shop, kept, ledger().ledger(), asked, opened, requested);
        assertThat(books.problems()).isEmpty();
        return books.lostByTable();
    }

    /** From now on a step on the protected server waits before it is recorded there. */
    Brake brake(String step) throws SQLException {
        brake = new Brake(suite.stack.postgres().server(), step);
        return brake;
    }

    ServiceClient client(Service service) {
        return new ServiceClient(suite.stack.address(service), suite.stack.token("administrator"));
    }

    OnServer server() {
        return new OnServer(suite.stack.postgres().server());
    }

    void end() {
        migrationEnds();
        migrationEnds(); // what this story left running is in no other's way
        if (brake != null) brake.close();
        if (writers != null) writers.close();
    }

    static String shortId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    private Writers ledger() {
        if (writers == null) throw new IllegalStateException("clients must place orders first");
        return writers;
    }
}
