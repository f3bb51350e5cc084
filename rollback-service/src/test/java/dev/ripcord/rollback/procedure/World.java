package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Secret;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.rollback.core.Deadlines;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.RollbackState.BeforeSwap;
import dev.ripcord.rollback.core.RollbackState.Cancellable;
import dev.ripcord.rollback.core.RollbackState.Changed;
import dev.ripcord.rollback.core.RollbackState.Completed;
import dev.ripcord.rollback.core.RollbackState.Copying;
import dev.ripcord.rollback.core.RollbackState.Counting;
import dev.ripcord.rollback.core.RollbackState.Doubtful;
import dev.ripcord.rollback.core.RollbackState.Failed;
import dev.ripcord.rollback.core.RollbackState.Finished;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.core.RollbackState.Planned;
import dev.ripcord.rollback.core.RollbackState.PutRight;
import dev.ripcord.rollback.core.RollbackState.Refused;
import dev.ripcord.rollback.core.RollbackState.Restoring;
import dev.ripcord.rollback.core.RollbackState.Securing;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.RollbackState.Undone;
import dev.ripcord.rollback.core.RollbackState.Unverified;
import dev.ripcord.rollback.hold.ModelHolds;
import dev.ripcord.rollback.loss.ModelLossReport;
import dev.ripcord.rollback.plan.ModelPlanner;
import dev.ripcord.rollback.snapshots.ModelSnapshots;
import dev.ripcord.rollback.swap.ModelServer;
import dev.ripcord.rollback.swap.ModelServer.Trouble;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One production database and its rollback service as it is: the procedure, what it decides and what it tells, fed with
 * records as Kafka has them. Imagined are only the database server ({@link ModelServer}) and the service's own database: a
 * record is in it whole or not at all, and only the newest owner of a task writes.
 */
final class World {

    static final String SHOP = "shop";
    static final String SNAPSHOT = "s1";
    private static final int APPROVERS = 2;
    private static final int PATIENCE = 400;

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private final EnrolledDatabase shop = shop();
    private final Databases databases = new Databases(List.of(shop), null, null, null, null);
    final ModelServer server = new ModelServer();
    private final ModelSnapshots snapshots = new ModelSnapshots();
    private final ModelWork work = new ModelWork(this);
    private final ModelHooks hooks = new ModelHooks();
    private final RollbackProcedure procedure = procedure();

    private final Set<String> seen = new HashSet<>();
    private final Map<String, List<Envelope<?>>> mail = new LinkedHashMap<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<RipcordEvent> told = new ArrayList<>();
    private final List<Long> deadLetters = new ArrayList<>();
    private final List<Long> poisoned = new ArrayList<>();
    private final Set<String> mayNotSwap = new HashSet<>();
    private final Set<String> mayNotChange = new HashSet<>();
    private long offset;

    /** What the service's own database knows of a task. */
    private static final class Row {
        RollbackState state;
        long fence;
        int attempts;
        Instant created = Instant.now();
        Instant stateSince = Instant.now();
        final List<Backup> backups = new ArrayList<>();

        Row(RollbackState state) {
            this.state = state;
        }
    }

    /** What a backup has of a task that had not swapped when it was taken. */
    private record Backup(BeforeSwap state, long fence) {}

    // ---- what can happen

    /** An event that another service sends, or somebody over Kafka. */
    void hears(Envelope<?> envelope) {
        hears(asRead(binding.write(envelope)));
    }

    /** What came over HTTP from somebody who has a token. */
    void hearsOverHttp(RipcordEvent event) {
        accept(Envelope.of(Inbox.FROM_PEOPLE + "test", event));
    }

    /** A record that nobody can read. */
    void hearsPoison(ConsumerRecord<String, byte[]> record) {
        poisoned.add(record.offset());
        hears(record);
    }

    ConsumerRecord<String, byte[]> asRead(ProducerRecord<String, byte[]> record) {
        ConsumerRecord<String, byte[]> read =
                new ConsumerRecord<>(record.topic(), 0, offset++, record.key(), record.value());
        record.headers().forEach(read.headers()::add);
        return read;
    }

    KafkaBinding binding() {
        return binding;
    }

    private void hears(ConsumerRecord<String, byte[]> record) {
        try {
            accept(binding.read(record));
        } catch (UnreadableEventException e) {
            deadLetters.add(record.offset());
        }
    }

    private void accept(Envelope<?> envelope) {
        if (!seen.add(envelope.source() + " " + envelope.id())) return;
        switch (envelope.event()) {
            case RollbackRequestEvent.Requested asked ->
                rows.putIfAbsent(asked.rollback(), new Row(new Asked(Request.of(asked, Voices.byToken(envelope)))));
            case RollbackRequestEvent said -> deliver(said.rollback(), envelope);
            case RestoreEvent.Requested ours -> {}
            case RestoreEvent restore ->
                deliver(
                        restore.restore()
                                .replace(RollbackProcedure.FOR_COUNTING, "")
                                .replace(RollbackProcedure.FOR_READING, ""),
                        envelope);
            case VerificationEvent.Requested ours -> {}
            case VerificationEvent.Passed passed -> deliver(passed.rollback(), envelope);
            case VerificationEvent.Failed failed -> deliver(failed.rollback(), envelope);
            case VerificationEvent.Inconclusive open -> deliver(open.rollback(), envelope);
            default -> throw new IllegalArgumentException("no part of a history: " + envelope);
        }
    }

    private void deliver(@Nullable String rollback, Envelope<?> envelope) {
        if (rollback == null) return;
        mail.computeIfAbsent(rollback, id -> new ArrayList<>()).add(envelope);
        Row row = rows.get(rollback);
        boolean before = row == null || row.state instanceof Cancellable || row.state instanceof Swapping;
        boolean takenBack = (envelope.event() instanceof RollbackRequestEvent.Cancelled
                        || envelope.event() instanceof RollbackRequestEvent.Rejected)
                && !(row != null && row.state instanceof Swapping);
        boolean reopen = envelope.event() instanceof RollbackRequestEvent.ReopenAsked && Voices.byToken(envelope);
        if (before && (takenBack || reopen) && !server.swaps().contains(rollback)) mayNotSwap.add(rollback);
        if (before && takenBack && !server.changes().contains(rollback)) mayNotChange.add(rollback);
    }

    /** How a step of the service ends. */
    enum Ending {
        /** It is recorded. */
        recorded,
        /** The process dies before it is. */
        killed,
        /** The process is stopped until another one has taken the step, and goes on then. */
        overtaken
    }

    /** The service takes the next step of a rollback. */
    void step(String rollback, Trouble trouble, Ending ending) {
        Row row = rows.get(rollback);
        if (row == null || row.state instanceof Finished) return;
        Task<RollbackState> task = claimed(rollback, row);
        if (ending == Ending.overtaken) step(rollback, Trouble.none, Ending.recorded);
        server.nextMeets(trouble);
        int before = server.swaps().size() + server.changes().size();
        Taken taken = taken(task);
        server.nextMeets(Trouble.none);
        switch (ending) {
            case recorded -> record(rollback, row, task, taken);
            case killed -> {}
            case overtaken ->
                assertThat(server.swaps().size() + server.changes().size())
                        .as("an owner that was overtaken acts")
                        .isEqualTo(before);
        }
    }

    private record Taken(Next<RollbackState> next, boolean failed) {}

    private Taken taken(Task<RollbackState> task) {
        try {
            return new Taken(procedure.advance(task), false);
        } catch (RuntimeException e) {
            return new Taken(failed(task, e), true);
        }
    }

    /** The server may be away again when it is asked what has become of the failed step. */
    private Next<RollbackState> failed(Task<RollbackState> task, RuntimeException failure) {
        try {
            return procedure.onFailure(task, failure);
        } catch (RuntimeException e) {
            return Next.waiting(task.state(), Duration.ofSeconds(1));
        }
    }

    private Task<RollbackState> claimed(String rollback, Row row) {
        row.fence++;
        return new Task<>(
                RollbackProcedure.KIND,
                rollback,
                SHOP,
                stored(row.state),
                row.fence,
                row.attempts,
                row.created,
                row.stateSince,
                List.copyOf(mail.getOrDefault(rollback, List.of())));
    }

    private void record(String rollback, Row row, Task<RollbackState> task, Taken taken) {
        assertThat(task.fence()).isEqualTo(row.fence);
        RollbackState next = taken.next().state();
        if (row.state instanceof Approving waiting && !(next instanceof Approving || next instanceof Refused)) {
            assertThat(mayGoOn(waiting, rollback))
                    .as("approved by enough people")
                    .isTrue();
        }
        boolean same = next.getClass().equals(row.state.getClass());
        row.attempts = taken.failed() && same ? row.attempts + 1 : 0;
        if (row.state instanceof BeforeSwap before && !same) row.backups.add(new Backup(before, task.fence()));
        if (!same) row.stateSince = Instant.now();
        row.state = next;
        assertThat(taken.next().finished()).isEqualTo(next instanceof Finished);
        told.addAll(taken.next().announcements());
    }

    /** As it is after it was written and read. */
    private static RollbackState stored(RollbackState state) {
        try {
            return KafkaBinding.JSON.readValue(KafkaBinding.JSON.writeValueAsBytes(state), state.getClass());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What became of the snapshot that is taken before a change in place. */
    void secures(String rollback, boolean proven) {
        String migration = Request.EMERGENCY + rollback;
        if (told(MigrationEvent.Started.class).stream()
                .noneMatch(started -> started.migration().equals(migration))) return;
        if (proven) snapshots.proven(migration, server.copyOf(migration));
        else snapshots.failed(migration);
    }

    /** The service's own database is restored, after the swap of this rollback, from a backup that is older than the swap. */
    void restored(String rollback, int backup) {
        Row row = rows.get(rollback);
        if (row == null || !(row.state instanceof Opened) || row.backups.isEmpty()) return;
        Backup older = row.backups.get(backup % row.backups.size());
        row.state = older.state();
        row.fence = older.fence();
        row.stateSince = Instant.now();
    }

    /** Time goes by. */
    void passes(Duration time) {
        rows.values().forEach(row -> {
            row.created = row.created.minus(time);
            row.stateSince = row.stateSince.minus(time);
        });
    }

    @Override
    public String toString() {
        return "live " + server.identity().oid() + (server.open() ? "" : ", closed") + ", swaps " + server.swaps()
                + ", changes " + server.changes() + ", " + states();
    }

    // ---- what is known

    Optional<RollbackState> state(String rollback) {
        return Optional.ofNullable(rows.get(rollback)).map(row -> row.state);
    }

    Map<String, RollbackState> states() {
        return rows.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().state));
    }

    /** What was announced of this kind, in order. */
    private <E extends RipcordEvent> List<E> told(Class<E> type) {
        return told.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Counted here once more, by what the documentation promises: two people with a token, neither of them the one who asked. */
    private boolean mayGoOn(Approving waiting, String rollback) {
        List<Approved> said = mail.getOrDefault(rollback, List.of()).stream()
                .filter(envelope -> envelope.source().startsWith("/ripcord/people/"))
                .map(Envelope::event)
                .filter(Approved.class::isInstance)
                .map(Approved.class::cast)
                .filter(approved -> approved.planHash().equals(waiting.plan().hash())
                        && EnrolledDatabase.WORD.equals(approved.word()))
                .toList();
        return said.stream().anyMatch(approved -> approved.glassBroken() != null)
                || said.stream()
                                .map(approved -> approved.approver().strip().toLowerCase(Locale.ROOT))
                                .filter(name -> !name.equals(waiting.request().requestedBy()))
                                .distinct()
                                .count()
                        >= APPROVERS;
    }

    // ---- what must hold

    /** At any moment. */
    void holds() {
        assertThat(server.swaps()).as("swaps, by their commands").doesNotHaveDuplicates();
        assertThat(deadLetters).as("poison is put aside, each once").containsExactlyElementsOf(poisoned);
        assertThat(server.swaps()).as("swapped although it was taken back").noneMatch(mayNotSwap::contains);
        assertThat(server.changes()).as("changes in place, by their commands").doesNotHaveDuplicates();
        assertThat(server.changes()).as("changed although it was taken back").noneMatch(mayNotChange::contains);
        assertThat(states().values().stream()
                        .filter(state -> Deadlines.closed(state, shop))
                        .toList())
                .as("at work on one database")
                .hasSizeLessThan(2);
        if (!server.open()) {
            assertThat(states().values()).as("whose fence is up").anyMatch(state -> Deadlines.closed(state, shop));
        }
        rows.forEach((rollback, row) -> {
            List<RollbackOutcomeEvent> outcomes = outcomes(rollback);
            boolean over =
                    row.state instanceof Counting || (row.state instanceof Finished && !(row.state instanceof Planned));
            assertThat(outcomes).as("outcomes of " + row.state).hasSize(over ? 1 : 0);
            outcomes.forEach(outcome -> isTrue(
                    outcome,
                    row.state,
                    server.swaps().contains(rollback),
                    server.changes().contains(rollback)));
            assertThat(begun(rollback) - ended(rollback))
                    .as("as a migration it begins before it ends, and it ends")
                    .isBetween(0L, row.state instanceof Finished ? 0L : 1L);
        });
    }

    private long begun(String rollback) {
        return told(MigrationEvent.Started.class).stream()
                .filter(event -> event.migration().equals(Request.EMERGENCY + rollback))
                .count();
    }

    private long ended(String rollback) {
        return told(MigrationEvent.class).stream()
                .filter(event -> event instanceof MigrationEvent.Completed || event instanceof MigrationEvent.Failed)
                .filter(event -> event.migration().equals(Request.EMERGENCY + rollback))
                .count();
    }

    private static void isTrue(RollbackOutcomeEvent outcome, RollbackState state, boolean swapped, boolean changed) {
        boolean unknown = outcome instanceof RollbackOutcomeEvent.Failed failed
                && failed.state().startsWith("not known");
        if (unknown) {
            assertThat(state).isInstanceOf(Failed.class);
            assertThat(swapped).isFalse();
            return;
        }
        String said = switch (outcome) {
            case RollbackOutcomeEvent.Completed _, RollbackOutcomeEvent.Undone _ -> "swapped";
            case RollbackOutcomeEvent.CompletedInPlace _ -> "changed";
            case RollbackOutcomeEvent.Failed failed -> failed.state().split("[: ]")[0];
            case RollbackOutcomeEvent.Refused _ -> "unchanged";
            case RollbackOutcomeEvent other -> throw new AssertionError("cannot be: " + other);
        };
        String stands = switch (state) {
            case Counting _, Completed _, Undone _, Unverified _ -> "swapped";
            case PutRight _, Doubtful _ -> "changed";
            case Refused _, Failed _ -> "unchanged";
            case RollbackState other -> throw new AssertionError("no end: " + other);
        };
        assertThat(said)
                .as("%s says the truth", outcome)
                .isEqualTo(swapped ? "swapped" : changed ? "changed" : "unchanged");
        assertThat(stands).isEqualTo(said);
    }

    private List<RollbackOutcomeEvent> outcomes(String rollback) {
        return told(RollbackOutcomeEvent.class).stream()
                .filter(outcome -> outcome.rollback().equals(rollback))
                .toList();
    }

    /** With everybody well again and everything answered, each rollback comes to an end, and the database is open. */
    void comesToAnEnd() {
        for (int turn = 0; turn < PATIENCE && !over(); turn++) {
            states().forEach((rollback, state) -> {
                if (!(state instanceof Approving)) answer(rollback);
            });
            passes(Duration.ofSeconds(30));
            rows.keySet().forEach(rollback -> step(rollback, Trouble.none, Ending.recorded));
            holds();
        }
        assertThat(over()).as("all have come to an end: %s", states()).isTrue();
        assertThat(server.open()).as("the live database is open").isTrue();
        assertThat(hooks.stoppedFor())
                .as("for whom the application still waits")
                .isEmpty();
    }

    private boolean over() {
        return states().values().stream().allMatch(Finished.class::isInstance);
    }

    /** Whoever a rollback waits for says what it hopes for. */
    void answer(String rollback) {
        switch (state(rollback).orElse(null)) {
            case Approving waiting -> {
                approves("ben", rollback, waiting.plan().hash());
                approves("cleo", rollback, waiting.plan().hash());
            }
            case Restoring _ -> hears(Envelope.of("/ripcord/snapshot-service", restored(rollback, SNAPSHOT)));
            case Counting _ ->
                hears(Envelope.of(
                        "/ripcord/snapshot-service", restored(rollback + RollbackProcedure.FOR_COUNTING, SNAPSHOT)));
            case Copying _ ->
                hears(Envelope.of(
                        "/ripcord/snapshot-service", restored(rollback + RollbackProcedure.FOR_READING, SNAPSHOT)));
            case Securing _ -> secures(rollback, true);
            case Opened _, Changed _ ->
                hears(Envelope.of(
                        "/ripcord/verifier-service",
                        new VerificationEvent.Passed(SHOP, Telling.verification(rollback), rollback, List.of())));
            case null, default -> {}
        }
    }

    private void approves(String person, String rollback, String plan) {
        hearsOverHttp(new Approved(SHOP, rollback, plan, EnrolledDatabase.WORD, person));
    }

    RestoreEvent.Completed restored(String restore, String snapshot) {
        return new RestoreEvent.Completed(SHOP, restore, snapshot, server.copyOf(snapshot), 1);
    }

    // ---- of what it is made

    @SuppressWarnings("NullAway") // no second server is part of a history
    private RollbackProcedure procedure() {
        Copies copies = new Copies(databases);
        Telling telling = new Telling(hooks, new SimpleMeterRegistry());
        return new RollbackProcedure(
                databases,
                work.admission(),
                work.preparation(),
                new InPlace(
                        databases,
                        snapshots,
                        copies,
                        new ModelPlanner(),
                        new ModelLiveChange(server),
                        new ModelHolds(),
                        new TellingInPlace(telling, hooks)),
                null,
                copies,
                server,
                new ModelLossReport(),
                work.versions(),
                telling,
                work.alarms(shop),
                new ModelHolds());
    }

    private static EnrolledDatabase shop() {
        EnrolledDatabase.Role role = new EnrolledDatabase.Role("r", new Secret("NONE", null));
        return new EnrolledDatabase(
                SHOP,
                Environment.production,
                new EnrolledDatabase.Server("nowhere", 0, SHOP, null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null, role),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 100),
                new EnrolledDatabase.RollbackPolicy(null, APPROVERS, 0, 2000, 0),
                ModelHooks.ADDRESSES,
                null,
                null);
    }
}
