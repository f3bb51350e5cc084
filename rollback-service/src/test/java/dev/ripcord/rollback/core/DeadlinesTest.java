package dev.ripcord.rollback.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.RollbackState.Cancellable;
import dev.ripcord.rollback.core.RollbackState.Finished;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final Request REQUEST = new Request("r1", "shop", null, null, null, "why", "ann", null);
    private static final Target TARGET = new Target("s1", Instant.EPOCH, null);
    private static final Plan PLAN = new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 1, "word", "W", "h");
    private static final Identity IDENTITY = new Identity("1", "m", 2, 18);
    private static final Shadow COPY = new Shadow("shop__shadow_1", 3, "7", "1");
    private static final Swapped SWAPPED = new Swapped("shop__failed_1", 2, "8", 9, Instant.EPOCH, "1", List.of());
    private static final Planning PLANNING = new Planning(REQUEST, TARGET, 0, null);
    private static final Swapping SWAPPING = new Swapping(REQUEST, TARGET, PLAN, IDENTITY, COPY);

    /** Seconds that each state may last, of a database whose snapshots may take 100 s and whose fence 2 s; 0: for ever. */
    private static final Map<RollbackState, Long> TABLE = Map.ofEntries(
            Map.entry(new RollbackState.Asked(REQUEST), 160L),
            Map.entry(PLANNING, 600L),
            Map.entry(new RollbackState.Copying(REQUEST, TARGET, 0), 100L),
            Map.entry(new RollbackState.Approving(REQUEST, TARGET, PLAN, IDENTITY, PLANNING), 3600L),
            Map.entry(new RollbackState.Securing(REQUEST, PLAN, IDENTITY, PLANNING), 100L),
            Map.entry(new RollbackState.Rehearsing(REQUEST, PLAN, IDENTITY, PLANNING, "s2", COPY), 900L),
            Map.entry(new RollbackState.Changing(REQUEST, PLAN, IDENTITY, PLANNING, "s2", null), 900L),
            Map.entry(new RollbackState.Changed(REQUEST, PLAN, "s2", List.of(), List.of()), 900L),
            Map.entry(new RollbackState.Moving(REQUEST, TARGET, PLAN), 100L),
            Map.entry(new RollbackState.Installing(REQUEST, TARGET, PLAN, COPY), 120L),
            Map.entry(new RollbackState.PointedTo(REQUEST, TARGET, List.of(), false), 3600L),
            Map.entry(new RollbackState.Preparing(REQUEST, TARGET, PLAN, IDENTITY, "ben"), 120L),
            Map.entry(new RollbackState.Restoring(REQUEST, TARGET, PLAN, IDENTITY, "ben"), 100L),
            Map.entry(new RollbackState.Announcing(REQUEST, TARGET, PLAN, IDENTITY, COPY), 120L),
            Map.entry(SWAPPING, 32L),
            Map.entry(new RollbackState.Opened(REQUEST, TARGET, PLAN, SWAPPED), 900L),
            Map.entry(new RollbackState.Counting(REQUEST, TARGET, SWAPPED), 200L),
            Map.entry(new RollbackState.Abandoning(REQUEST, SWAPPING, "why"), 30L),
            Map.entry(new RollbackState.Completed(REQUEST, SWAPPED), 0L),
            Map.entry(new RollbackState.Undone(REQUEST, SWAPPED), 0L),
            Map.entry(new RollbackState.Unverified(REQUEST, SWAPPED, "why", "next"), 0L),
            Map.entry(new RollbackState.Planned(REQUEST, PLAN), 0L),
            Map.entry(new RollbackState.PutRight(REQUEST, "s2"), 0L),
            Map.entry(new RollbackState.Doubtful(REQUEST, "s2", "why", "next"), 0L),
            Map.entry(new RollbackState.Failed(REQUEST, "why", "next"), 0L),
            Map.entry(new RollbackState.Moved(REQUEST, false), 0L),
            Map.entry(new RollbackState.Refused(REQUEST, "why", "next"), 0L));

    @Test
    void the_table_has_every_state() {
        assertThat(TABLE.keySet().stream().map(state -> state.getClass().getSimpleName()))
                .containsExactlyInAnyOrderElementsOf(
                        names(RollbackState.class).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void each_state_lasts_so_long_at_most_and_a_last_one_for_ever() {
        EnrolledDatabase shop = shop();
        TABLE.forEach((state, seconds) -> assertThat(Deadlines.of(state, shop)
                        .map(java.time.Duration::toSeconds)
                        .orElse(0L))
                .as("%s", state.getClass().getSimpleName())
                .isEqualTo(seconds));
    }

    @Test
    void what_is_overdue_names_the_next_command_and_where_the_database_may_be_closed_how_to_open_it() {
        EnrolledDatabase shop = shop();
        TABLE.keySet().stream().filter(state -> !(state instanceof Finished)).forEach(state -> {
            assertThat(Deadlines.next(state).contains("ripcord rollback reopen r1 --word CONFIRM_REOPEN"))
                    .as("%s", state.getClass().getSimpleName())
                    .isEqualTo(Deadlines.closed(state, shop));
            if (state instanceof Cancellable) assertThat(Deadlines.next(state)).contains("refused now");
        });
    }

    @Test
    void where_the_old_server_s_database_may_be_closed_it_says_how_it_is_opened_by_hand() {
        String byHand = "select ripcord.reopen('shop')";
        assertThat(Deadlines.next(new RollbackState.PointedTo(REQUEST, TARGET, List.of(), true)))
                .contains(byHand);
        assertThat(Deadlines.next(new RollbackState.PointedTo(REQUEST, TARGET, List.of(), false)))
                .doesNotContain(byHand);
        assertThat(Deadlines.next(new RollbackState.Installing(REQUEST, TARGET, PLAN, COPY)))
                .contains(byHand);
    }

    @Test
    void an_undo_is_named_only_where_there_is_a_swap_to_take_back() {
        assertThat(Deadlines.next(new RollbackState.Opened(REQUEST, TARGET, PLAN, SWAPPED)))
                .endsWith("ripcord rollback undo r1");
        assertThat(Deadlines.next(new RollbackState.Changed(REQUEST, PLAN, "s2", List.of(), List.of())))
                .endsWith("ripcord rollback request shop --snapshot s2 --reason …");
        assertThat(Deadlines.next(new RollbackState.Changed(REQUEST, PLAN, null, List.of(), List.of())))
                .endsWith("ripcord rollback status r1");
    }

    private static Stream<String> names(Class<?> sealed) {
        return Stream.of(sealed.getPermittedSubclasses())
                .flatMap(each -> each.isSealed() ? names(each) : Stream.of(each.getSimpleName()));
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
