package dev.ripcord.verifier.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Secret;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.verifier.verification.Inspection;
import dev.ripcord.verifier.verification.Verification;
import dev.ripcord.verifier.watch.WatchState.Watching;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A watch that ends before its time. */
class WatchEndTest {

    private final Watch superseded = watch(new Databases(List.of(shop()), null, null, null, null));

    @Test
    void whoever_heard_of_a_regress_hears_that_another_rollback_ended_the_watch() {
        Next<WatchState> next = superseded.advance(task(2));
        assertThat(next.finished()).isTrue();
        assertThat(next.announcements())
                .singleElement()
                .isInstanceOfSatisfying(WatchEvent.Completed.class, completed -> {
                    assertThat(completed.rollback()).isEqualTo("r1");
                    assertThat(completed.verdict()).isEqualTo(Verdict.inconclusive);
                    assertThat(completed.seconds()).isBetween(60L, 120L);
                    assertThat(completed.regressions()).isEqualTo(2);
                    assertThat(completed.checks()).isEmpty();
                });
    }

    @Test
    void or_that_the_database_is_not_enrolled_any_more() {
        Watch gone = watch(new Databases(List.of(), null, null, null, null));
        assertThat(gone.advance(task(1)).announcements()).singleElement().isInstanceOf(WatchEvent.Completed.class);
    }

    @Test
    void where_all_was_well_nobody_is_told() {
        Next<WatchState> next = superseded.advance(task(0));
        assertThat(next.finished()).isTrue();
        assertThat(next.announcements()).isEmpty();
    }

    @Test
    void what_went_to_a_second_server_that_is_the_only_one_by_now_is_looked_at_there() {
        List<EnrolledDatabase> looked = new ArrayList<>();
        Watch watch = new Watch(
                new Databases(List.of(shop()), null, null, null, null),
                (database, rollback, watching) -> Verification.NONE,
                (database, manifest, content) -> {
                    looked.add(database);
                    throw new IllegalStateException("away");
                },
                new Inspection(List.of()),
                task -> false);
        Instant since = Instant.now().minusSeconds(60);
        Watching moved = Watching.from(since, "s1", true);
        assertThat(watch.advance(new Task<>(Watch.KIND, "r1", "shop", moved, 1, 0, since, since, List.of()))
                        .finished())
                .as("there is nothing to ask of it here")
                .isTrue();
        assertThat(looked)
                .singleElement()
                .satisfies(database -> assertThat(database.server().host()).isEqualTo("nowhere"));
    }

    @Test
    void a_look_that_fails_for_ever_is_not_tried_for_ever() {
        RuntimeException broken = new IllegalStateException("broken");
        assertThat(superseded.onFailure(task(1), broken).finished()).isFalse();
        Instant dayBeforeYesterday = Instant.now().minusSeconds(2 * 86_400);
        Watching long_ = new Watching(
                dayBeforeYesterday, "s1", false, false, 9, 1, Set.of("queries"), Set.of("queries: orders"), null, null);
        Next<WatchState> end = superseded.onFailure(
                new Task<>(Watch.KIND, "r1", "shop", long_, 1, 0, dayBeforeYesterday, dayBeforeYesterday, List.of()),
                broken);
        assertThat(end.finished()).isTrue();
        assertThat(end.announcements())
                .singleElement()
                .isInstanceOfSatisfying(
                        WatchEvent.Completed.class,
                        completed -> assertThat(completed.verdict()).isEqualTo(Verdict.failed));
    }

    private static Watch watch(Databases databases) {
        return new Watch(
                databases,
                (database, rollback, watching) -> {
                    throw new IllegalStateException("no manifest is asked for");
                },
                (database, manifest, content) -> {
                    throw new IllegalStateException("nothing is looked at");
                },
                new Inspection(List.of()),
                task -> true);
    }

    private static Task<WatchState> task(int regressions) {
        Instant since = Instant.now().minusSeconds(60);
        Watching watching = new Watching(since, "s1", false, false, 9, regressions, Set.of(), Set.of(), null, null);
        return new Task<>(Watch.KIND, "r1", "shop", watching, 1, 0, since, since, List.of());
    }

    private static EnrolledDatabase shop() {
        EnrolledDatabase.Role role = new EnrolledDatabase.Role("r", new Secret("NONE", null));
        return new EnrolledDatabase(
                "shop",
                Environment.production,
                new EnrolledDatabase.Server("nowhere", 0, "shop", null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 100),
                new EnrolledDatabase.RollbackPolicy(null, 0, 0, 2000, 0),
                null,
                null,
                null);
    }
}
