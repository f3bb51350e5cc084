package dev.ripcord.command.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.sample.Books;
import dev.ripcord.command.sample.Ledger;
import dev.ripcord.command.sample.Restored;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must hold after every rollback, whatever was done to it:
 *
 * <pre>
 * I1 exactly one database has the live name, it is open, and it is the one before or the restored one
 * I2 the database that failed is kept, closed, with nobody in it
 * I3 a restored database is what the snapshot's manifest says
 * I4 a command swaps at most once
 * I5 it comes to an outcome in time, and the outcome is true
 * I6 the application works with it again
 * I7 the audit trail is whole and has every step
 * I8 nothing is left: no hold, no claim, no open copy, no prepared transaction, no lock
 * I9 each acknowledged row is in the live or in the kept database, each in whole, none in neither
 * </pre>
 */
final class Oracle {

    private final Ground ground;
    private final Story story;
    private final String shop;
    private final List<String> violations = new ArrayList<>();

    private Oracle(Ground ground, Story story) {
        this.ground = ground;
        this.story = story;
        this.shop = ground.shop().database();
    }

    /** Waits for the end of the story's rollback and looks at everything; its clients write no more afterwards. */
    static List<String> look(Ground ground, Story story) throws SQLException, IOException {
        Oracle oracle = new Oracle(ground, story);
        Optional<RollbackOutcomeEvent> outcome = story.outcome();
        oracle.must(outcome.isPresent(), "I5: no outcome within " + Ground.LIMIT.toSeconds() + " s");
        switch (outcome.orElse(null)) {
            case null -> oracle.untouched();
            case Completed completed -> oracle.restored(completed);
            case CompletedInPlace done when story.staysInPlace() -> oracle.putRight();
            case RollbackOutcomeEvent.Failed failed -> oracle.givenUp(failed);
            case RollbackOutcomeEvent.Refused refused -> oracle.givenUp(refused);
            case RollbackOutcomeEvent other -> oracle.violations.add("I5: an outcome that cannot be: " + other);
        }
        oracle.whatever();
        return oracle.violations;
    }

    private void must(boolean holds, String otherwise) {
        if (!holds) violations.add(otherwise);
    }

    private void putRight() throws SQLException, IOException {
        must(story.applicationIsGreen(), "I6: the application is not well");
        must(story.applicationIsRestarted(), "I6: the application was not told to start again");
        stays();
        different();
        recorded("rollback.requested", "rollback.planned", "rollback.started", "rollback.completed-in-place");
    }

    private void different() {
        Restored.differences(ground.stack(), ground.shop(), story.proven.manifest())
                .forEach(finding -> violations.add("I3: " + finding));
    }

    private void restored(Completed completed) throws SQLException, IOException {
        Optional<RollbackEvent.LossCounted> counted = story.counted();
        must(counted.isPresent(), "I5: what was lost was not counted within " + Ground.LIMIT.toSeconds() + " s");
        must(story.applicationIsGreen(), "I6: the application is not well");
        must(story.applicationIsRestarted(), "I6: the application was not told to start again");
        must(story.everyClientIsBack(), "I6: not every client is back");
        story.clientsStop();
        must(!story.staysInPlace(), "I5: it was to be put right where it stands, and was swapped: " + completed);
        must(swaps() == 1, "I4: " + swaps() + " swaps for one command");
        must(live().size() == 1 && !live().contains(story.liveOid), "I1: live databases " + live());
        List<String> kept = ground.list(
                "postgres",
                "select format('%s %s %s', oid, datallowconn, (select count(*) from pg_stat_activity a where a.datid = d.oid))"
                        + " from pg_database d where datname = '" + completed.failedDatabase() + "'");
        must(kept.equals(List.of(story.liveOid + " f 0")), "I2: the kept database is " + kept);
        different();
        Books books = Books.compare(
                ground.shop(),
                completed.failedDatabase(),
                story.ledger(),
                story.asked,
                story.opened,
                story.requestedAt());
        books.problems().forEach(problem -> violations.add("I9: " + problem));
        counted.ifPresent(loss -> must(
                lost(loss).equals(books.lostByTable()),
                "I9: lost by the clients' count " + books.lostByTable() + ", by the service's " + lost(loss)));
        recorded("rollback.requested", "rollback.planned", "rollback.started", "rollback.completed");
    }

    /** In place nothing is in the way that was not there before the fault. */
    private void givenUp(RollbackOutcomeEvent outcome) throws SQLException, IOException {
        must(!story.staysInPlace(), "I5: given up: " + outcome);
        if (outcome instanceof RollbackOutcomeEvent.Failed failed
                && failed.state().startsWith("swapped")) {
            story.clientsStop();
            violations.add("I5: swapped, and nobody knows whether it is well: " + failed.reason());
            return;
        }
        untouched();
    }

    private void untouched() throws SQLException, IOException {
        stays();
        recorded("rollback.requested");
    }

    /** The database is the one before, with every order in it. */
    private void stays() throws SQLException {
        must(story.everyClientIsBack(), "I6: not every client is back");
        story.clientsStop();
        must(swaps() == 0, "I4: " + swaps() + " swaps of a rollback that did not swap");
        must(live().equals(List.of(story.liveOid)), "I1: live databases " + live());
        Set<String> placed =
                new HashSet<>(ground.list(shop, "select client || ' ' || number from orders where client is not null"));
        story.ledger().entries().stream()
                .filter(Ledger.Entry::acknowledged)
                .filter(entry -> !placed.contains(entry.client() + " " + entry.number()))
                .limit(5)
                .forEach(entry -> violations.add("I9: acknowledged and not there: " + entry));
    }

    private void whatever() throws SQLException, IOException {
        try (ServiceClient client = ground.client(Service.ROLLBACK)) {
            JsonNode verdict = client.get("/audit/verify").body();
            must(verdict.path("verdict").asText().equals("intact"), "I7: the audit trail is not whole: " + verdict);
        }
        must(ground.list(Ground.ADMIN, "select command from ripcord.hold").isEmpty(), "I8: a hold is left");
        must(
                ground.list(
                                "postgres",
                                "select datname from pg_database where datallowconn and starts_with(datname, '" + shop
                                        + "__')")
                        .isEmpty(),
                "I8: a copy is left open");
        must(ground.list("postgres", "select gid from pg_prepared_xacts").isEmpty(), "I8: a prepared transaction");
        must(
                ground.list(
                                "postgres",
                                "select query from pg_stat_activity where state like 'idle in transaction%' and usename"
                                        + " like 'ripcord%' and state_change < now() - interval '10 seconds'")
                        .isEmpty(),
                "I8: a transaction is left open");
    }

    private void recorded(String... types) throws IOException {
        try (ServiceClient client = ground.client(Service.ROLLBACK)) {
            Set<String> found = new HashSet<>();
            JsonNode page;
            long after = 0;
            do {
                page = client.get("/audit?limit=1000&after=" + after + "&rollback=" + story.rollback)
                        .body();
                for (JsonNode entry : page) {
                    found.add(entry.path("type").asText());
                    after = entry.path("position").asLong();
                }
            } while (page.size() == 1000);
            must(found.containsAll(Set.of(types)), "I7: recorded are only " + found);
        }
    }

    private long swaps() throws SQLException {
        return ground.number(
                Ground.ADMIN,
                "select count(*) from ripcord.act where step = 'swapped' and command = '" + story.rollback + "'");
    }

    private List<Long> live() throws SQLException {
        return ground
                .list("postgres", "select oid from pg_database where datallowconn and datname = '" + shop + "'")
                .stream()
                .map(Long::valueOf)
                .collect(Collectors.toList());
    }

    private static Map<String, Long> lost(RollbackEvent.LossCounted counted) {
        Map<String, Long> inserted = new HashMap<>();
        counted.loss().stream()
                .filter(table -> table.inserted() > 0)
                .forEach(table -> inserted.put(table.table(), table.inserted()));
        return inserted;
    }
}
