package dev.ripcord.rollback.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AlertRules;
import dev.ripcord.databases.AlertRules.Mode;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.SnapshotPolicy;
import dev.ripcord.databases.FreezeWindow;
import dev.ripcord.databases.Secret;
import dev.ripcord.rollback.alert.Guards.Answer;
import dev.ripcord.rollback.alert.Guards.Known;
import dev.ripcord.rollback.alert.Guards.Migration;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What keeps alerts from asking for a rollback. */
class GuardsTest {

    /** A Saturday. */
    private static final Instant NOW = Instant.parse("2026-11-21T16:00:00Z");

    private static final Migration MIGRATION = new Migration("m1", NOW.minusSeconds(600), NOW.minusSeconds(500));
    private static final AlertRules RULES =
            new AlertRules(Mode.ask, Map.of("service", "shop"), null, 1800, 60, 2, 3600, 2);

    @Test
    void enough_alerts_that_fire_long_enough_since_a_recent_migration_ask() {
        Answer answer = about(RULES, known(MIGRATION, fires("a", 300), fires("b", 61), fires("c", 5)));
        assertThat(answer).isInstanceOfSatisfying(Answer.Ask.class, ask -> {
            assertThat(ask.migration()).isEqualTo(MIGRATION);
            assertThat(ask.counted()).extracting(Firing::fingerprint).containsExactly("a", "b");
        });
    }

    @Test
    void without_a_migration_that_could_be_the_cause_they_are_recorded() {
        assertThat(no(RULES, known(null, fires("a", 300)))).isEqualTo("no migration of shop is known");
        Migration old = new Migration("m0", NOW.minusSeconds(4000), NOW.minusSeconds(1801));
        assertThat(no(RULES, known(old, fires("a", 300)))).isEqualTo("migration m0 ended more than 30m ago");
        Migration justNow = new Migration("m0", NOW.minusSeconds(4000), NOW.minusSeconds(1799));
        assertThat(about(RULES, known(justNow, fires("a", 300), fires("b", 300))))
                .isInstanceOf(Answer.Ask.class);
        assertThat(no(RULES, known(MIGRATION, fires("a", 601)))).isEqualTo("firing already before migration m1 began");
    }

    @Test
    void alerts_older_than_the_migration_do_not_count_among_those_that_are_needed() {
        assertThat(wait(RULES, known(MIGRATION, fires("a", 601), fires("b", 300)))
                        .reason())
                .isEqualTo("1 of 2 alerts that are needed");
    }

    @Test
    void the_quorum_counts_different_alerts_and_the_soak_those_that_last() {
        assertThat(wait(RULES, known(MIGRATION, fires("a", 300), fires("a", 200)))
                        .reason())
                .isEqualTo("1 of 2 alerts that are needed");
        Answer.Wait soaking = wait(RULES, known(MIGRATION, fires("a", 300), fires("b", 20)));
        assertThat(soaking.reason()).isEqualTo("firing for less than 1m");
        assertThat(soaking.until()).isEqualTo(NOW.plusSeconds(40));
    }

    @Test
    void while_the_migration_runs_they_wait_for_its_end() {
        Migration running = new Migration("m1", NOW.minusSeconds(600), null);
        assertThat(wait(RULES, known(running, fires("a", 300), fires("b", 300))).reason())
                .isEqualTo("migration m1 runs still");
    }

    @Test
    void they_ask_seldom_and_never_beside_another_rollback() {
        List<Firing> firing = List.of(fires("a", 300), fires("b", 300));
        assertThat(no(RULES, new Known(firing, MIGRATION, "r1", List.of()))).isEqualTo("rollback r1 is there already");
        assertThat(no(RULES, new Known(firing, MIGRATION, null, List.of(NOW.minusSeconds(3599)))))
                .isEqualTo("alerts asked for a rollback less than 1h ago");
        assertThat(about(RULES, new Known(firing, MIGRATION, null, List.of(NOW.minusSeconds(3601)))))
                .isInstanceOf(Answer.Ask.class);
        assertThat(no(
                        RULES,
                        new Known(firing, MIGRATION, null, List.of(NOW.minusSeconds(4000), NOW.minusSeconds(8000)))))
                .isEqualTo("alerts asked for 2 rollbacks in the last 24 hours, which is the limit");
    }

    @Test
    void in_a_freeze_they_ask_for_nothing() {
        FreezeWindow weekend = new FreezeWindow(List.of(DayOfWeek.SATURDAY), "00:00", "00:00", "UTC");
        assertThat(no(RULES, known(MIGRATION, fires("a", 300), fires("b", 300)), weekend))
                .contains("a freeze");
    }

    @Test
    void a_freeze_holds_from_its_beginning_to_its_end_in_its_own_zone_over_midnight_too() {
        FreezeWindow night = new FreezeWindow(List.of(DayOfWeek.FRIDAY), "22:00", "06:00", "Europe/Berlin");
        assertThat(night.holds(Instant.parse("2026-11-20T20:59:59Z"))).isFalse();
        assertThat(night.holds(Instant.parse("2026-11-20T21:00:00Z"))).isTrue();
        assertThat(night.holds(Instant.parse("2026-11-21T04:59:59Z"))).isTrue();
        assertThat(night.holds(Instant.parse("2026-11-21T05:00:00Z"))).isFalse();
        assertThat(night.holds(Instant.parse("2026-11-20T04:00:00Z")))
                .as("the night before")
                .isFalse();
        FreezeWindow day = new FreezeWindow(null, "09:00", "17:00", null);
        assertThat(day.holds(Instant.parse("2026-11-21T08:59:59Z"))).isFalse();
        assertThat(day.holds(Instant.parse("2026-11-21T09:00:00Z"))).isTrue();
        assertThat(day.holds(Instant.parse("2026-11-21T17:00:00Z"))).isFalse();
    }

    @Test
    void where_nothing_is_said_production_stays_out_of_it_and_elsewhere_they_may_ask() {
        AlertRules silent = new AlertRules(null, Map.of("service", "shop"), null, 0, null, 0, null, 0);
        assertThat(silent.in(Environment.production)).isEqualTo(Mode.off);
        assertThat(silent.in(Environment.staging)).isEqualTo(Mode.ask);
        AlertRules off = new AlertRules(Mode.off, null, null, 0, null, 0, null, 0);
        assertThat(no(off, known(MIGRATION, fires("a", 300)))).contains("alerts.mode of shop is off");
    }

    private static Known known(@Nullable Migration migration, Firing... firing) {
        return new Known(List.of(firing), migration, null, List.of());
    }

    private static Firing fires(String fingerprint, int seconds) {
        return new Firing(seconds, fingerprint, "Alert", NOW.minusSeconds(seconds), "noneGiven");
    }

    private static String no(AlertRules rules, Known known, FreezeWindow... freeze) {
        assertThat(about(rules, known, freeze)).isInstanceOf(Answer.No.class);
        return ((Answer.No) about(rules, known, freeze)).reason();
    }

    private static Answer.Wait wait(AlertRules rules, Known known) {
        assertThat(about(rules, known)).isInstanceOf(Answer.Wait.class);
        return (Answer.Wait) about(rules, known);
    }

    private static Answer about(AlertRules rules, Known known, FreezeWindow... freeze) {
        Role role = new Role("r", new Secret(null, Path.of("p")));
        EnrolledDatabase database = new EnrolledDatabase(
                "shop",
                Environment.staging,
                new Server("localhost", 5432, "shop", null, "", null, null),
                new Roles(role, role, role, null),
                new SnapshotPolicy(Form.clone, false, null, 0, 0),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                rules,
                List.of(freeze),
                null,
                null,
                null);
        return new Guards(database, NOW).about(known);
    }
}
