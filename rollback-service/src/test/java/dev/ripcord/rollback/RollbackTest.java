package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Cancelled;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class RollbackTest {

    private static Suite suite;

    @BeforeAll
    static void open() {
        suite = new Suite();
    }

    @AfterAll
    static void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void takes_a_database_back_to_its_snapshot_keeps_the_failed_one_and_counts_what_was_lost() throws SQLException {
        suite.snapshot("plain", "s1");
        execute("plain", "update orders set price = 0 where id <= 10");
        execute("plain", "delete from orders where id = 1000");
        execute("plain", "insert into orders (price) values (1), (2)");
        execute("plain", "alter table orders drop column note");
        execute("plain", "comment on database plain is 'the shop'");
        execute("plain", "alter database plain set work_mem = '8MB'");
        execute("plain", "revoke connect on database plain from public");

        suite.publish(Envelope.of("/test", requested("plain", "r-plain"))
                .in("00-11111111111111111111111111111111-2222222222222222-01"));
        Completed outcome =
                suite.hears(Completed.class, event -> event.rollback().equals("r-plain"));

        assertThat(Shops.MAINTENANCE).containsExactly("/on r-plain", "/off r-plain");
        assertThat(number("plain", "select count(*) from orders where price = id"))
                .isEqualTo(1000);
        assertThat(number("plain", "select count(*) from information_schema.columns where table_name = 'orders'"))
                .isEqualTo(3);
        assertThat(text(
                        "postgres",
                        "select shobj_description(oid, 'pg_database') from pg_database where datname = 'plain'"))
                .isEqualTo("the shop");
        assertThat(text("postgres", "select has_database_privilege('ripcord_restore', 'plain', 'connect')::text"))
                .isEqualTo("false");
        assertThat(text("plain", "show work_mem")).isEqualTo("8MB");
        assertThat(number("plain", "select nextval('orders_id_seq')"))
                .as("numbers given out are not given out again")
                .isEqualTo(1003);
        assertThat(outcome.outageMillis()).isBetween(0.1, 5000.0);
        RollbackEvent.LossCounted counted = suite.hears(
                RollbackEvent.LossCounted.class, event -> event.rollback().equals("r-plain"));
        assertThat(counted.loss()).containsExactly(new TableLoss("public.orders", 2, 10, 1, true));
        assertThat(text(
                        "postgres",
                        "select datallowconn::text from pg_database where datname = '" + outcome.failedDatabase()
                                + "'"))
                .as("the failed database is closed again")
                .isEqualTo("false");
        assertThat(suite.trace(event ->
                        event instanceof Completed done && done.rollback().equals("r-plain")))
                .contains("11111111111111111111111111111111");
    }

    @Test
    void asked_twice_and_with_the_same_event_again_it_swaps_once() throws SQLException {
        suite.snapshot("twice", "s2");
        Envelope<?> envelope = Envelope.of("/test", requested("twice", "r-twice"));
        for (int i = 0; i < 20; i++) suite.publish(envelope);
        suite.publish(requested("twice", "r-twice"));
        suite.hears(Completed.class, event -> event.rollback().equals("r-twice"));
        suite.publish(envelope);
        assertThat(swaps("twice")).isEqualTo(1);
        assertThat(number("postgres", "select count(*) from pg_database where datname like 'twice\\_\\_failed%'"))
                .isEqualTo(1);
    }

    @Test
    void a_sequence_that_a_migration_has_moved_away_is_named() throws SQLException {
        suite.snapshot("moved", "sm");
        execute("moved", "alter table orders alter id drop identity if exists");
        execute("moved", "drop sequence if exists orders_id_seq cascade; create sequence orders_numbers start 5000");
        suite.publish(requested("moved", "r-moved"));
        Completed completed =
                suite.hears(Completed.class, event -> event.rollback().equals("r-moved"));
        assertThat(completed.properties())
                .singleElement()
                .asString()
                .startsWith("numbers since the snapshot may be given out again")
                .endsWith("public.orders_id_seq");
    }

    @Test
    void an_undo_swaps_back_and_keeps_everything_written_before() throws SQLException {
        suite.snapshot("undone", "s3");
        execute("undone", "insert into orders (price) values (-77)");
        suite.publish(requested("undone", "r-undone"));
        suite.hears(RollbackEvent.LossCounted.class, event -> event.rollback().equals("r-undone"));
        assertThat(number("undone", "select count(*) from orders")).isEqualTo(1000);

        suite.publish(
                new Requested("undone", "u-undone", null, null, "r-undone", "it was not the migration", "tester"));
        RollbackOutcomeEvent.Undone undone = suite.hears(
                RollbackOutcomeEvent.Undone.class, event -> event.rollback().equals("u-undone"));
        assertThat(number("undone", "select count(*) from orders where price = -77"))
                .isEqualTo(1);
        assertThat(number(
                        "postgres", "select count(*) from pg_database where datname = '" + undone.keptDatabase() + "'"))
                .isEqualTo(1);
    }

    @Test
    void an_undo_takes_nothing_away_from_a_migration_that_runs_since() throws SQLException {
        suite.publish(new MigrationEvent.Started("resumed", "V1", "pipeline"));
        await().until(() -> begun("resumed", "V1"));
        suite.publish(new MigrationEvent.Completed("resumed", "V1"));
        suite.snapshot("resumed", "s31");
        execute("resumed", "insert into orders (price) values (-77)");
        suite.publish(requested("resumed", "r-resumed"));
        suite.hears(RollbackEvent.LossCounted.class, event -> event.rollback().equals("r-resumed"));

        suite.publish(new MigrationEvent.Started("resumed", "V2", "pipeline"));
        await().until(() -> begun("resumed", "V2"));
        suite.publish(
                new Requested("resumed", "u-resumed", null, null, "r-resumed", "it was not the migration", "tester"));
        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("u-resumed"));
        assertThat(refused.reason()).contains("a migration runs: V2 began at");
        assertThat(refused.next()).contains("ripcord gate resumed 'V2' --completed", "--override REASON");
        assertThat(number("resumed", "select count(*) from orders where price = -77"))
                .isZero();

        suite.publish(new Requested(
                "resumed",
                "u-resumed-2",
                null,
                null,
                "r-resumed",
                "it was not the migration",
                "tester",
                null,
                null,
                "its pipeline has died",
                null));
        suite.hears(RollbackOutcomeEvent.Undone.class, event -> event.rollback().equals("u-resumed-2"));
        assertThat(number("resumed", "select count(*) from orders where price = -77"))
                .isEqualTo(1);
    }

    private static boolean begun(String database, String migration) throws SQLException {
        return OnServer.count("select count(*) from rollback.known_migration where database_id = '" + database
                        + "' and migration = '" + migration + "'")
                == 1;
    }

    @Test
    void a_loss_that_cannot_be_counted_leaves_the_failed_database_closed_and_the_rollback_can_be_undone()
            throws SQLException {
        suite.uncountable.add("uncounted");
        suite.snapshot("uncounted", "s13");
        execute("uncounted", "insert into orders (price) values (-77)");
        suite.publish(requested("uncounted", "r-uncounted"));
        RollbackEvent.Step told = suite.hears(
                RollbackEvent.Step.class,
                step -> step.rollback().equals("r-uncounted") && step.step().equals("loss-not-counted"));
        assertThat(told.detail()).contains("seal");
        assertThat(
                        number(
                                "postgres",
                                "select count(*) from pg_database where datname like 'uncounted\\_\\_failed%' and datallowconn"))
                .isZero();

        suite.publish(new Requested(
                "uncounted", "u-uncounted", null, null, "r-uncounted", "it was not the migration", "tester"));
        suite.hears(RollbackOutcomeEvent.Undone.class, event -> event.rollback().equals("u-uncounted"));
        assertThat(number("uncounted", "select count(*) from orders where price = -77"))
                .isEqualTo(1);
    }

    @Test
    void an_undo_does_not_wait_until_what_was_lost_is_counted() throws SQLException {
        suite.uncounting.add("uncounting");
        suite.snapshot("uncounting", "s21");
        execute("uncounting", "insert into orders (price) values (-77)");
        suite.publish(requested("uncounting", "r-uncounting"));
        suite.hears(Completed.class, event -> event.rollback().equals("r-uncounting"));

        suite.publish(new Requested(
                "uncounting", "u-uncounting", null, null, "r-uncounting", "it was not the migration", "tester"));
        suite.hears(RollbackOutcomeEvent.Undone.class, event -> event.rollback().equals("u-uncounting"));
        assertThat(number("uncounting", "select count(*) from orders where price = -77"))
                .isEqualTo(1);
        assertThat(suite.hears(
                                RollbackEvent.Step.class,
                                step -> step.rollback().equals("r-uncounting")
                                        && step.step().equals("loss-not-counted"))
                        .detail())
                .contains("an undo was asked for");
    }

    @Test
    void a_snapshot_of_a_time_that_was_taken_back_is_meant_by_name_only() throws SQLException {
        suite.snapshot("rewound", "s22");
        suite.snapshot("rewound", "s23");
        suite.publish(new Requested("rewound", "r-rewound", null, "s22", null, "the first one was it", "tester"));
        suite.hears(RollbackEvent.LossCounted.class, event -> event.rollback().equals("r-rewound"));

        suite.publish(requested("rewound", "r-rewound-again"));
        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("r-rewound-again"));
        assertThat(refused.reason()).contains("s23", "r-rewound");
        assertThat(refused.next()).contains("--snapshot");

        suite.publish(new Requested("rewound", "r-rewound-named", null, "s23", null, "no, that one", "tester"));
        assertThat(suite.hears(Completed.class, event -> event.rollback().equals("r-rewound-named"))
                        .snapshot())
                .isEqualTo("s23");

        suite.publish(requested("rewound", "r-rewound-on"));
        assertThat(suite.hears(Completed.class, event -> event.rollback().equals("r-rewound-on"))
                        .snapshot())
                .isEqualTo("s23");
    }

    @Test
    void a_failed_database_that_somebody_opened_before_it_was_counted_is_told_to_be_uncounted() throws SQLException {
        suite.lookedInto.add("lookedinto");
        suite.snapshot("lookedinto", "s15");
        suite.publish(requested("lookedinto", "r-lookedinto"));
        RollbackEvent.Step told = suite.hears(
                RollbackEvent.Step.class,
                step -> step.rollback().equals("r-lookedinto") && step.step().equals("loss-not-counted"));
        assertThat(told.detail()).contains("seal");
    }

    @Test
    void a_sequence_of_a_role_that_enrolment_did_not_know_stays_where_the_copy_has_it_and_that_is_told()
            throws SQLException {
        execute("strange", "create role newcomer; grant create on schema public to newcomer");
        execute("strange", "set role newcomer; create sequence tickets; select nextval('tickets')");
        suite.snapshot("strange", "s14");
        execute("strange", "select nextval('tickets'); insert into orders (price) values (1)");
        suite.publish(requested("strange", "r-strange"));
        RollbackEvent.Planned planned = suite.hears(
                RollbackEvent.Planned.class, event -> event.rollback().equals("r-strange"));
        assertThat(planned.plan().obstacles())
                .anySatisfy(obstacle -> assertThat(obstacle.what()).contains("public.tickets"));
        Completed outcome =
                suite.hears(Completed.class, event -> event.rollback().equals("r-strange"));
        assertThat(outcome.properties()).singleElement().asString().contains("given out again", "public.tickets");
        assertThat(number("strange", "select nextval('tickets')")).isEqualTo(2);
        assertThat(number("strange", "select nextval('orders_id_seq')")).isEqualTo(1002);
    }

    @Test
    void a_copy_that_somebody_could_have_written_to_is_restored_anew() throws SQLException {
        Shadow shadow = suite.snapshot("unsealed", "s4");
        execute("postgres", "alter database " + shadow.name() + " with allow_connections true");
        execute(shadow.name(), "delete from orders");
        execute("postgres", "alter database " + shadow.name() + " with allow_connections false");
        suite.publish(requested("unsealed", "r-unsealed"));
        suite.hears(RestoreEvent.Requested.class, event -> event.restore().equals("r-unsealed"));
        suite.hears(Completed.class, event -> event.rollback().equals("r-unsealed"));
        assertThat(number("unsealed", "select count(*) from orders")).isEqualTo(1000);
    }

    @Test
    void without_a_snapshot_it_is_refused() {
        suite.publish(requested("unproven", "r-unproven"));
        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("r-unproven"));
        assertThat(refused.reason()).contains("no snapshot");
    }

    @Test
    void a_database_that_is_not_enrolled_is_refused() {
        suite.publish(requested("nobody", "r-nobody"));
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-nobody"))
                        .reason())
                .contains("not enrolled");
    }

    @Test
    void staging_needs_the_word_for_the_very_plan() throws SQLException {
        suite.snapshot(Shops.STAGING, "s5");
        suite.migrated(Shops.STAGING, "s5");
        suite.publish(requested(Shops.STAGING, "r-wrong"));
        RollbackEvent.Planned wrong = suite.hears(
                RollbackEvent.Planned.class, event -> event.rollback().equals("r-wrong"));
        suite.publish(new Approved(Shops.STAGING, "r-wrong", wrong.plan().hash(), "CONFIRM_RESTORE", "ann"));
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-wrong"))
                        .reason())
                .contains(EnrolledDatabase.WORD);
        assertThat(swaps(Shops.STAGING)).isZero();

        suite.publish(requested(Shops.STAGING, "r-other"));
        suite.hears(RollbackEvent.Planned.class, event -> event.rollback().equals("r-other"));
        suite.publish(new Approved(Shops.STAGING, "r-other", wrong.plan().hash(), EnrolledDatabase.WORD, "ann"));
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-other"))
                        .reason())
                .contains("another plan");

        suite.publish(requested(Shops.STAGING, "r-cancelled"));
        suite.hears(RollbackEvent.Planned.class, event -> event.rollback().equals("r-cancelled"));
        suite.publish(new Cancelled(Shops.STAGING, "r-cancelled", "not needed", "ann"));
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-cancelled"))
                        .reason())
                .contains("cancelled by ann");

        suite.publish(requested(Shops.STAGING, "r-overtaken"));
        RollbackEvent.Planned overtaken = suite.hears(
                RollbackEvent.Planned.class, event -> event.rollback().equals("r-overtaken"));
        suite.publish(new MigrationEvent.Started(Shops.STAGING, "V9", "pipeline"));
        awaitRunning(1);
        suite.publish(
                new Approved(Shops.STAGING, "r-overtaken", overtaken.plan().hash(), EnrolledDatabase.WORD, "ann"));
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-overtaken"))
                        .reason())
                .contains("V9 began at");
        suite.publish(new MigrationEvent.Completed(Shops.STAGING, "V9"));
        awaitRunning(0);

        suite.publish(requested(Shops.STAGING, "r-right"));
        RollbackEvent.Planned right = suite.hears(
                RollbackEvent.Planned.class, event -> event.rollback().equals("r-right"));
        suite.publish(new Approved(Shops.STAGING, "r-right", right.plan().hash(), EnrolledDatabase.WORD, "ann"));
        suite.hears(Completed.class, event -> event.rollback().equals("r-right"));
        assertThat(swaps(Shops.STAGING)).isEqualTo(1);
    }

    @Test
    void a_database_made_again_under_the_same_name_is_not_touched() throws SQLException {
        suite.snapshot("remade", "s6");
        execute("postgres", "alter database remade rename to remade_before");
        execute("postgres", "create database remade template template0");
        suite.publish(requested("remade", "r-remade"));
        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("r-remade"));
        assertThat(refused.reason()).contains("was made again since it was enrolled");
        assertThat(number("ripcord_admin", "select count(*) from ripcord.act where database_id = 'remade'"))
                .isZero();
    }

    @Test
    void a_migration_that_still_holds_its_locks_is_in_the_way() throws SQLException {
        suite.snapshot("locked", "s7");
        try (Connection migration = Shops.connect("locked");
                Statement statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("alter table orders add column half_way int");
            suite.publish(requested("locked", "r-locked"));
            Refused refused =
                    suite.hears(Refused.class, event -> event.rollback().equals("r-locked"));
            assertThat(refused.reason())
                    .contains("schema change", "alter table")
                    .doesNotContain("half_way");
            migration.rollback();
        }
        assertThat(swaps("locked")).isZero();
    }

    @Test
    void a_verdict_that_is_not_a_pass_is_a_failure_that_names_the_state_and_the_next_command() throws SQLException {
        suite.snapshot("unwell", "s8");
        suite.unwell.add("unwell");
        suite.publish(requested("unwell", "r-unwell"));
        RollbackOutcomeEvent.Failed failed = suite.hears(
                RollbackOutcomeEvent.Failed.class, event -> event.rollback().equals("r-unwell"));
        assertThat(failed.reason()).contains("inconclusive");
        assertThat(failed.state()).contains("swapped").contains("unwell__failed_");
        assertThat(failed.next()).contains("ripcord rollback undo r-unwell");
    }

    @Test
    void clients_that_keep_reconnecting_see_a_short_gap_and_no_error_for_long()
            throws SQLException, InterruptedException {
        suite.snapshot("busy", "s9");
        Clients clients = new Clients("busy");
        clients.start(10);
        await().until(() -> clients.writes() > 50);
        suite.publish(requested("busy", "r-busy"));
        suite.hears(Completed.class, event -> event.rollback().equals("r-busy"));
        long before = clients.writes();
        await().atMost(Duration.ofSeconds(10)).until(() -> clients.writes() > before + 50);
        clients.stop();
        assertThat(clients.longestGapMillis()).isLessThan(5_000);
        assertThat(number("busy", "select count(*) from orders where price = -1"))
                .isPositive();
    }

    private static Requested requested(String database, String rollback) {
        return new Requested(database, rollback, null, null, null, "the migration broke it", "tester");
    }

    private static long swaps(String database) throws SQLException {
        return number(
                "ripcord_admin",
                "select count(*) from ripcord.act where step = 'swapped' and database_id = '" + database + "'");
    }

    private static void awaitRunning(int migrations) {
        await().until(() -> OnServer.count("select count(*) from rollback.known_migration where migration = 'V9'"
                        + " and ended_at is null")
                == migrations);
    }

    private static void execute(String database, String sql) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String database, String sql) throws SQLException {
        return Long.parseLong(text(database, sql));
    }

    private static String text(String database, String sql) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
