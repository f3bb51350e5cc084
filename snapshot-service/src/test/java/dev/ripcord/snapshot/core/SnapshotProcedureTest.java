package dev.ripcord.snapshot.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.databases.StandbyException;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotProcedureTest {

    private final ScriptedProvider provider = new ScriptedProvider();
    private final Set<String> released = new HashSet<>();
    private final List<SnapshotEvent> told = new ArrayList<>();
    private final SnapshotProcedure procedure;

    @Nullable
    private Refusal running;

    SnapshotProcedureTest(@TempDir Path folder) {
        this.procedure = new SnapshotProcedure(
                databases(folder),
                new Providers(List.of(provider)),
                id -> Optional.ofNullable(running),
                released::contains,
                told::add);
    }

    private static Databases databases(Path folder) {
        try {
            return Databases.read(Files.writeString(folder.resolve("databases.yaml"), """
                    databases:
                      - id: shop
                        environment: development
                        server: {host: localhost, database: shop, marker: 00000000-0000-0000-0000-000000000000}
                        roles:
                          snapshot: {user: one, password: {env: ONE}}
                          rollback: {user: two, password: {env: TWO}}
                          verifier: {user: three, password: {env: THREE}}
                        snapshot: {form: clone}
                    """));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Task<SnapshotState> task(SnapshotState state, int attempts) {
        return task(state, attempts, Duration.ZERO);
    }

    private static Task<SnapshotState> task(SnapshotState state, int attempts, Duration inState) {
        Instant since = Instant.now().minus(inState);
        return new Task<>("snapshot", "one", "shop", state, 1, attempts, since, since, List.of());
    }

    private Next<SnapshotState> advance(SnapshotState state) {
        return procedure.advance(task(state, 0));
    }

    private static final SnapshotState.Taking TAKING = new SnapshotState.Taking("V1", Form.clone);
    private static final Refusal REFUSAL = new Refusal("it cannot be", "do something");

    @Test
    void from_the_question_to_a_proven_snapshot_each_step_is_announced() {
        SnapshotState state = TAKING;
        for (int i = 0; i < 2; i++) state = advance(state).state();

        assertThat(state).isInstanceOf(SnapshotState.Kept.class);
        assertThat(told)
                .extracting(event -> (Object) event.getClass())
                .containsExactly(SnapshotEvent.Completed.class, SnapshotEvent.Proven.class);
    }

    @Test
    void what_cannot_be_taken_is_cleared_away_before_it_is_called_failed() {
        provider.take = () -> REFUSAL;

        Next<SnapshotState> abandoning = advance(TAKING);
        assertThat(abandoning.announcements()).isEmpty();
        Next<SnapshotState> failed = advance(abandoning.state());

        assertThat(failed.finished()).isTrue();
        assertThat(failed.announcements())
                .containsExactly(new SnapshotEvent.Failed("shop", "one", "V1", "it cannot be", "do something"));
        assertThat(provider.asked).containsExactly("take", "delete with shadow one");
    }

    @Test
    void the_news_of_another_migrations_end_is_waited_for_and_then_nothing_is_begun() {
        running = REFUSAL;
        Instant longAgo = Instant.now().minusSeconds(11);

        Next<SnapshotState> waiting = advance(TAKING);
        Next<SnapshotState> failed =
                procedure.advance(new Task<>("snapshot", "one", "shop", TAKING, 1, 0, longAgo, longAgo, List.of()));

        assertThat(waiting.state()).isEqualTo(TAKING);
        assertThat(failed.finished()).isTrue();
        assertThat(failed.announcements())
                .containsExactly(new SnapshotEvent.Failed("shop", "one", "V1", "it cannot be", "do something"));
        assertThat(provider.asked).isEmpty();
        running = null;
        assertThat(advance(TAKING).state()).isInstanceOf(SnapshotState.Proving.class);
    }

    @Test
    void a_copy_from_before_the_question_does_not_open_the_gate_and_is_left_as_it_is() {
        provider.take = () -> new Provider.Found(new Taken(Instant.now().minusSeconds(3600), 1000, 50, 40, Map.of()));

        Next<SnapshotState> failed = advance(TAKING);

        assertThat(failed.finished()).isTrue();
        assertThat(failed.announcements())
                .singleElement()
                .isInstanceOfSatisfying(
                        SnapshotEvent.Failed.class,
                        event -> assertThat(event.reason()).contains("was set back"));
        assertThat(provider.asked).containsExactly("take");
    }

    @Test
    void a_copy_that_was_made_now_opens_the_gate_also_where_the_server_believes_it_to_be_an_hour_ago() {
        provider.take = () -> new Taken(Instant.now().minusSeconds(3600), 1000, 50, 40, Map.of());

        assertThat(advance(TAKING).state()).isInstanceOf(SnapshotState.Proving.class);
    }

    @Test
    void what_cannot_be_proven_is_called_failed_and_nothing_but_its_shadow_is_deleted() {
        provider.restore = () -> REFUSAL;

        Next<SnapshotState> doubted = advance(TAKING.proving(ScriptedProvider.TAKEN));
        released.add("two");
        Next<SnapshotState> cleared = advance(doubted.state());
        Next<SnapshotState> later = advance(cleared.state());

        assertThat(doubted.state()).isInstanceOf(SnapshotState.Doubted.class);
        assertThat(doubted.announcements()).singleElement().isInstanceOf(SnapshotEvent.Failed.class);
        assertThat(later.state()).isEqualTo(cleared.state());
        assertThat(later.finished()).isFalse();
        assertThat(provider.asked).containsExactly("restore one", "discard one");
    }

    @Test
    void a_shadow_that_cannot_be_removed_yet_is_removed_later() {
        SnapshotState doubted = TAKING.proving(ScriptedProvider.TAKEN).doubted(REFUSAL, Instant.now());

        Next<SnapshotState> next = procedure.onFailure(task(doubted, 1000), new IllegalStateException("away"));

        assertThat(next.state()).isEqualTo(doubted);
        assertThat(advance(doubted).state())
                .isInstanceOfSatisfying(
                        SnapshotState.Doubted.class,
                        cleared -> assertThat(cleared.cleared()).isTrue());
    }

    @Test
    void a_step_whose_outcome_nobody_knows_is_tried_five_times() {
        SnapshotState taking = TAKING;
        RuntimeException failure = new IllegalStateException("the line is dead");

        assertThat(procedure.onFailure(task(taking, 3), failure).state()).isEqualTo(taking);
        assertThat(procedure.onFailure(task(taking, 4), failure).state()).isInstanceOf(SnapshotState.Abandoning.class);
    }

    @Test
    void a_gate_waits_two_minutes_for_what_passes() {
        RuntimeException full = new DatabaseFailure("too many connections");

        Next<SnapshotState> early = procedure.onFailure(task(TAKING, 1000, Duration.ofSeconds(110)), full);
        Next<SnapshotState> late = procedure.onFailure(task(TAKING, 1000, Duration.ofSeconds(130)), full);

        assertThat(early.state()).isEqualTo(TAKING);
        assertThat(early.after()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(late.state())
                .isInstanceOfSatisfying(
                        SnapshotState.Abandoning.class,
                        abandoning -> assertThat(abandoning.reason()).isEqualTo("too many connections"));
    }

    @Test
    void what_passes_leaves_no_doubt_in_what_was_taken_for_an_hour() {
        SnapshotState proving = TAKING.proving(ScriptedProvider.TAKEN);
        RuntimeException full = new DatabaseFailure("too many connections");

        Next<SnapshotState> next = procedure.onFailure(task(proving, 1000, Duration.ofMinutes(50)), full);

        assertThat(next.state()).isEqualTo(proving);
        assertThat(next.announcements()).isEmpty();
        assertThat(next.after()).isBetween(Duration.ofMinutes(25), Duration.ofMinutes(26));
        // and after it five more, a minute apart: the service itself may have been away for the hour
        List<Duration> after = afterAnHour(proving, full);
        assertThat(after).containsExactlyElementsOf(Collections.nCopies(4, Duration.ofMinutes(1)));
    }

    /** How long is waited after each failure until it is doubted. */
    private List<Duration> afterAnHour(SnapshotState state, RuntimeException failure) {
        List<Duration> waits = new ArrayList<>();
        Next<SnapshotState> next = procedure.onFailure(task(state, 1000, Duration.ofMinutes(61)), failure);
        while (next.state() instanceof SnapshotState.Proving proving) {
            waits.add(next.after());
            next = procedure.onFailure(task(proving, 1000, Duration.ofMinutes(61)), failure);
        }
        String cause = String.valueOf(failure.getMessage());
        assertThat(next.state()).isInstanceOfSatisfying(SnapshotState.Doubted.class, doubted -> {
            assertThat(doubted.reason())
                    .startsWith("the proof could not be made again and again, which says nothing of what was taken")
                    .endsWith(cause);
            assertThat(doubted.next()).contains("ask at the gate again, for another snapshot");
        });
        return waits;
    }

    private static Stream<RuntimeException> seenToByPeople() {
        return Stream.of(
                new UncheckedIOException("the store cannot be used", new IOException("Input/output error")),
                new DatabaseFailure("cannot execute COPY FROM in a read-only transaction", "25006"),
                new StandbyException("The server localhost:5432 is a standby"));
    }

    private static Stream<RuntimeException> withoutRoom() {
        return Stream.of(
                new DatabaseFailure("could not extend file: No space left on device", "53100"),
                new DatabaseFailure("connecting to localhost:5432 as one: could not write init file", "XX000"));
    }

    @ParameterizedTest
    @MethodSource("withoutRoom")
    void a_disk_that_is_full_is_filled_by_four_attempts_at_most(RuntimeException failure) {
        assertThat(afterAnHour(TAKING.proving(ScriptedProvider.TAKEN), failure))
                .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @MethodSource("seenToByPeople")
    void a_server_that_only_reads_or_a_store_that_is_away_leaves_no_doubt_for_an_hour_and_is_not_pressed(
            RuntimeException failure) {
        SnapshotState proving = TAKING.proving(ScriptedProvider.TAKEN);

        Next<SnapshotState> first = procedure.onFailure(task(proving, 0), failure);
        Next<SnapshotState> later = procedure.onFailure(task(proving, 1000, Duration.ofMinutes(50)), failure);

        assertThat(first.state()).isEqualTo(proving);
        assertThat(first.after()).isEqualTo(Duration.ofMinutes(1));
        assertThat(later.state()).isEqualTo(proving);
        assertThat(later.announcements()).isEmpty();
        assertThat(afterAnHour(proving, failure)).hasSize(4);
    }

    @Test
    void a_server_without_room_opens_no_gate_and_is_not_filled_again_for_it() {
        RuntimeException full = new DatabaseFailure("could not extend file: No space left on device", "53100");

        assertThat(procedure.onFailure(task(TAKING, 0), full).state()).isInstanceOf(SnapshotState.Abandoning.class);
    }

    @Test
    void a_proof_that_was_cut_off_is_made_five_times_however_long_its_server_was_away_before() {
        SnapshotState state = TAKING.proving(ScriptedProvider.TAKEN);
        RuntimeException cutOff = new IllegalStateException("server closed the connection unexpectedly");

        for (int i = 0; i < 4; i++) {
            state = procedure.onFailure(task(state, 1000), cutOff).state();
            assertThat(state).isInstanceOf(SnapshotState.Proving.class);
        }
        assertThat(procedure.onFailure(task(state, 1000), cutOff).state()).isInstanceOf(SnapshotState.Doubted.class);
    }

    @Test
    void the_wrong_database_is_not_tried_twice_and_not_cleaned_up() {
        RefusedException refused = new RefusedException("another server");

        Next<SnapshotState> abandoning = procedure.onFailure(task(TAKING, 0), refused);
        Next<SnapshotState> failed = procedure.onFailure(task(abandoning.state(), 0), refused);

        assertThat(failed.state()).isInstanceOf(SnapshotState.Failed.class);
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void clearing_away_is_tried_until_it_is_done() {
        SnapshotState abandoning = TAKING.abandon(REFUSAL);

        Next<SnapshotState> next = procedure.onFailure(task(abandoning, 1000), new IllegalStateException("away"));

        assertThat(next.state()).isEqualTo(abandoning);
        assertThat(next.finished()).isFalse();
    }

    @Test
    void of_a_snapshot_that_cannot_be_cleared_away_is_told_once_after_a_minute() {
        RuntimeException away = new DatabaseFailure("no answer");
        SnapshotState abandoning = TAKING.abandon(REFUSAL);

        Next<SnapshotState> soon = procedure.onFailure(task(abandoning, 3, Duration.ofSeconds(50)), away);
        Next<SnapshotState> late = procedure.onFailure(task(soon.state(), 9, Duration.ofSeconds(70)), away);
        Next<SnapshotState> later = procedure.onFailure(task(late.state(), 10, Duration.ofHours(1)), away);
        Next<SnapshotState> cleared = advance(later.state());

        assertThat(soon.announcements()).isEmpty();
        assertThat(late.announcements()).singleElement().isInstanceOfSatisfying(SnapshotEvent.Failed.class, event -> {
            assertThat(event.reason())
                    .startsWith("it cannot be; nor can what is left of it be cleared away yet: no answer");
            assertThat(event.next()).startsWith("do something; ").contains("may be closed");
        });
        assertThat(late.state()).isInstanceOf(SnapshotState.Abandoning.class);
        assertThat(late.finished()).isFalse();
        assertThat(late.after()).isPositive();
        assertThat(later.announcements()).isEmpty();
        assertThat(cleared.announcements()).isEmpty();
        assertThat(cleared.finished()).isTrue();
        assertThat(cleared.state())
                .isInstanceOfSatisfying(
                        SnapshotState.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo("it cannot be"));
        assertThat(told).hasSize(1);
    }

    @Test
    void a_kept_snapshot_goes_when_it_is_released_and_old_and_not_before() {
        SnapshotState.Proving proving = TAKING.proving(ScriptedProvider.TAKEN);
        SnapshotState old = proving.kept(ScriptedProvider.MANIFEST, ScriptedProvider.SHADOW, Instant.now());
        SnapshotState young = proving.kept(
                ScriptedProvider.MANIFEST,
                ScriptedProvider.SHADOW,
                Instant.now().plusSeconds(60));

        assertThat(advance(old).state()).isEqualTo(old);
        released.add("one");
        assertThat(advance(young).state()).isEqualTo(young);
        assertThat(provider.asked).isEmpty();

        assertThat(advance(old).state()).isInstanceOf(SnapshotState.Expired.class);
        assertThat(provider.asked).containsExactly("drop shop__shadow_one", "delete");
    }
}
