package dev.ripcord.rollback.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.rollback.Shops;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class TrailTest {

    private final String rollback = UUID.randomUUID().toString();

    @Inject
    StateDatabase database;

    @Inject
    Tasks tasks;

    @Inject
    Inbox inbox;

    @Inject
    Trail trail;

    @Test
    void what_is_heard_and_said_is_recorded_in_order_with_who_did_it() {
        inbox.accept(Envelope.of("/a", new RollbackRequestEvent.Approved("nowhere", rollback, "h", "WORD", "ann")));
        say("one", "two");
        inbox.accept(Envelope.of("/a", new RestoreEvent.Failed("nowhere", rollback, "s", "full")));
        inbox.accept(Envelope.of("/a", new RestoreEvent.Failed("nowhere", rollback + "/count", "s", "full")));
        inbox.accept(
                Envelope.of("/a", new RollbackRequestEvent.Cancelled("nowhere", rollback, "it was not that", "bert")));

        List<Entry> entries = trail.page(rollback, 0, 100);
        assertThat(entries)
                .extracting(entry -> entry.direction() + " " + entry.type() + " " + entry.actor())
                .containsExactly(
                        "heard rollback.approved ann",
                        "said rollback.step null",
                        "said rollback.step null",
                        "heard restore.failed null",
                        "heard restore.failed null",
                        "heard rollback.cancelled bert");
        assertThat(entries).extracting(Entry::position).isSorted().doesNotHaveDuplicates();
        assertThat(entries).extracting(Entry::at).isSorted();
        assertThat(entries).extracting(Entry::source).containsOnly("/a", "/ripcord/rollback");
        assertThat(entries.get(1).document()).contains("\"step\":\"one\"");
        assertThat(entries).allSatisfy(entry -> assertThat(entry.computed()).isEqualTo(entry.hash()));
        assertIntact();
    }

    @Test
    void an_event_that_comes_twice_is_recorded_once() {
        Envelope<?> envelope = Envelope.of("/a", new RollbackRequestEvent.Rejected("nowhere", rollback, "no", "ann"));
        for (int i = 0; i < 5; i++) inbox.accept(envelope);
        assertThat(trail.page(rollback, 0, 10)).hasSize(1);
    }

    @Test
    void what_is_not_about_a_rollback_is_not_recorded() {
        String migration = UUID.randomUUID().toString();
        inbox.accept(Envelope.of("/a", new SnapshotEvent.Started("nowhere", migration, migration, "clone")));
        inbox.accept(Envelope.of("/a", new VerificationEvent.Passed("nowhere", migration, null, List.of())));
        assertThat(database.query("select 1 from audit where document like '%' || $1 || '%'", migration))
                .isEmpty();
    }

    @Test
    void nothing_is_recorded_of_a_transaction_that_is_taken_back() {
        assertThatThrownBy(() -> tasks.record(ledger -> {
                    ledger.announce(step("never"));
                    throw new IllegalStateException("taken back");
                }))
                .hasMessage("taken back");
        assertThatThrownBy(() -> tasks.record(ledger -> {
                    ledger.announce(step("never"));
                    return ledger.query("select 1 / 0");
                }))
                .hasMessageContaining("division by zero");
        assertThat(trail.page(rollback, 0, 10)).isEmpty();
        assertIntact();
    }

    @Test
    void an_event_whose_record_cannot_be_written_is_not_announced() {
        assertThatThrownBy(() -> tasks.record(ledger -> {
                    ledger.announce(step("never"));
                    return ledger.query("alter table audit rename to audit_away");
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(database.query("select 1 from outbox where position(convert_to($1, 'UTF8') in value) > 0", rollback))
                .isEmpty();
        assertIntact();
    }

    @Test
    void many_writers_at_once_leave_no_gap_and_do_not_lock_each_other_out() throws Exception {
        int writers = 24;
        int transactions = 12;
        long before = trail.head().position();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> written = IntStream.range(0, writers)
                    .<Future<?>>mapToObj(writer -> threads.submit(() -> write(writer, transactions)))
                    .toList();
            for (Future<?> future : written) future.get();
        }
        assertThat(trail.page(rollback, before, 10_000)).hasSize(writers * transactions * 2);
        assertIntact();
    }

    /** Half of them lock a row before they announce, as a step does, half after it, as what an event wakes does. */
    private void write(int writer, int transactions) {
        Random random = new Random(writer);
        for (int i = 0; i < transactions; i++) {
            String name = writer + "." + i;
            boolean first = random.nextBoolean();
            tasks.record(ledger -> {
                if (first) lockTheRow(ledger);
                ledger.announce(step(name));
                if (!first) lockTheRow(ledger);
                ledger.announce(step(name));
                return name;
            });
        }
    }

    private static void lockTheRow(Ledger ledger) {
        ledger.query("select pg_advisory_xact_lock(4711)");
    }

    @Test
    void the_database_and_the_service_compute_the_same_hash_whatever_an_event_says() {
        new Recorded(tasks, inbox, new Random(7)).some(100);
        assertThat(database.query("select position from audit entry where hash <> audit_hash(entry)"))
                .isEmpty();
        assertIntact();
    }

    @Test
    void a_head_that_was_kept_still_fits_when_the_trail_has_grown() {
        say("one");
        Head kept = trail.head();
        say("two");
        assertThat(trail.verify(kept).orElseThrow()).isInstanceOf(Verdict.Intact.class);
        assertThat(trail.verify(Head.NONE).orElseThrow()).isInstanceOf(Verdict.Intact.class);
        assertThat(trail.verify(new Head(kept.position() - 1, kept.hash())).orElseThrow())
                .isInstanceOf(Verdict.Broken.class);
    }

    private void say(String... steps) {
        tasks.record(ledger -> {
            for (String step : steps) ledger.announce(step(step));
            return steps.length;
        });
    }

    private RollbackEvent.Step step(String name) {
        return new RollbackEvent.Step("nowhere", rollback, name, 1, "");
    }

    private void assertIntact() {
        assertThat(trail.verify(null).orElseThrow()).isInstanceOf(Verdict.Intact.class);
    }
}
