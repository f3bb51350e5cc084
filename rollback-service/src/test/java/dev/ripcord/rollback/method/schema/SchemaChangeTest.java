package dev.ripcord.rollback.method.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.schema.SchemaChange.Applied;
import dev.ripcord.rollback.method.schema.SchemaChange.Failed;
import dev.ripcord.rollback.method.schema.SchemaChange.Outcome;
import dev.ripcord.rollback.method.schema.SchemaDifference.Derived;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All of it or nothing, whatever happens in between. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class SchemaChangeTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final int major;

    SchemaChangeTest(int major) {
        this.major = major;
    }

    @Test
    void a_lock_that_another_session_holds_fails_it_in_time_and_nothing_is_changed() {
        try (Pair pair = Pair.of(major);
                PgSession other = pair.another()) {
            pair.migrate("create table shop.made (n int); alter table shop.orders add column extra int");
            Derived derived = SchemaRollbackTest.derived(pair);
            var objects = ManifestReader.objects(pair.live);
            other.execute(
                    "begin; insert into shop.bag values ('open', 1); lock table shop.orders in access share mode");
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, Duration.ofMillis(200)))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.reason())
                                    .isEqualTo("another session holds a lock that was not free in time"));
            other.execute("commit");
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(objects);
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, SOON)).isInstanceOf(Applied.class);
        }
    }

    private static final String WIDENED =
            "alter domain shop.short rename to old_short;; create domain shop.short as varchar(10);;"
                    + "alter table shop.codes alter code type shop.short using code::text::shop.short, alter codes type shop.short[] using codes::text::shop.short[];;"
                    + "drop domain shop.old_short";

    @Test
    void values_that_a_domain_would_cut_off_are_counted_and_stay() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(WIDENED + ";; update shop.codes set code = 'abcdefg' where id = 2");
            assertThat(SchemaDifference.between(pair.live, pair.copy))
                    .isInstanceOfSatisfying(
                            SchemaDifference.NotDerivable.class,
                            not -> assertThat(not.refusals())
                                    .extracting(Refusal::reason)
                                    .containsExactly(
                                            "1 values would not survive the way from shop.short back to shop.short"));
            pair.migrate("update shop.codes set code = 'xyz' where id = 2");
            assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                    .isInstanceOf(Applied.class);
            assertThat(pair.ask("select string_agg(code::text || codes::text, ',') from shop.codes where id = 1"))
                    .isEqualTo("abc{abc,d}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "varchar", "varchar(12)"})
    void values_that_were_written_without_the_domain_are_counted_too(String type) {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(
                    "alter table shop.codes alter code type " + type
                            + ", alter codes type text[];; drop domain shop.short;; update shop.codes set code = 'abcdefg' where id = 2");
            assertThat(SchemaDifference.between(pair.live, pair.copy))
                    .isInstanceOfSatisfying(
                            SchemaDifference.NotDerivable.class,
                            not -> assertThat(not.refusals())
                                    .extracting(Refusal::reason)
                                    .anyMatch(reason -> reason.startsWith("1 values would not survive")));
        }
    }

    @Test
    void a_function_is_as_it_was_where_only_its_parentheses_were_changed_beside_a_column() {
        try (Pair pair = Pair.of(major)) {
            pair.copy.execute(WEIGHED + "(a + b) * c");
            try {
                pair.migrate(WEIGHED + "a + b * c;; alter table shop.bag add column extra int");
                assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                        .isInstanceOf(Applied.class);
                assertThat(pair.ask("select shop.weighed(1, 2, 3)")).isEqualTo("9");
            } finally {
                pair.copy.execute("drop function shop.weighed(int, int, int)");
            }
        }
    }

    private static final String WEIGHED =
            "create function shop.weighed(a int, b int, c int) returns int language sql return ";

    @Test
    void values_of_a_table_that_others_inherit_from_are_not_guessed() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("alter table shop.parents drop column note");
            assertThat(SchemaDifference.between(pair.live, pair.copy))
                    .isInstanceOfSatisfying(
                            SchemaDifference.NotDerivable.class,
                            not -> assertThat(not.refusals())
                                    .contains(new Refusal(
                                            "table shop.parents",
                                            "others inherit from it: whose rows the values are is not known")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alter table shop.parents drop constraint upwards, drop constraint parents_pkey",
                "drop table shop.unused",
                "drop sequence shop.unused_too",
                "alter table shop.downwards alter id drop identity",
                "drop table shop.downwards"
            })
    void what_rows_of_heirs_do_and_where_sequences_stand_keeps_nothing_from_coming_back(String migration) {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(migration);
            assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                    .isInstanceOf(Applied.class);
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(ManifestReader.objects(pair.copy));
            pair.live.execute("insert into shop.unused (word) values ('first')");
            assertThat(pair.ask("select min(id) from shop.unused")).isEqualTo("1");
            pair.live.execute("insert into shop.downwards (word) values ('next')");
            assertThat(pair.ask("select min(id) from shop.downwards")).isEqualTo("-6");
            assertThat(pair.ask("select nextval('shop.unused_too')")).isEqualTo("7");
        }
    }

    @Test
    void a_session_that_is_ended_in_the_middle_changes_nothing() {
        try (Pair pair = Pair.of(major);
                PgSession other = pair.another();
                PgSession acting = pair.another()) {
            pair.migrate("drop view shop.open_dear; alter table shop.bag add column extra int");
            Derived derived = SchemaRollbackTest.derived(pair);
            var objects = ManifestReader.objects(pair.live);
            other.execute("begin; lock table shop.open_orders in access exclusive mode");
            CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(
                    () -> SchemaChange.apply(acting, pair.copy, derived, Duration.ofSeconds(20)));
            Awaitility.await()
                    .until(() -> !pair.live
                            .query(
                                    "select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
                                    acting.processId())
                            .isEmpty());
            pair.live.query("select pg_terminate_backend($1)", acting.processId());
            assertThatThrownBy(outcome::join).hasCauseInstanceOf(DatabaseFailure.class);
            other.execute("rollback");
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(objects);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RC001", "RC003", "RC004", "RC009", "53300", "57P03"})
    void what_says_nothing_of_the_way_back_is_thrown_on_and_changes_nothing(String sqlState) {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("alter table shop.bag add column extra int");
            Derived derived = SchemaRollbackTest.derived(pair);
            Bracket failing = new Bracket(
                    session ->
                            session.execute("do $$ begin raise 'not now' using errcode = '" + sqlState + "'; end $$"),
                    Bracket.PLAIN.last());
            assertThatThrownBy(() -> SchemaChange.apply(pair.live, pair.copy, derived, SOON, failing))
                    .isInstanceOf(DatabaseFailure.class);
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, SOON)).isInstanceOf(Applied.class);
        }
    }

    @Test
    void fifty_objects_change_at_once() {
        try (Pair pair = Pair.of(major)) {
            StringBuilder migration = new StringBuilder();
            for (int n = 0; n < 10; n++) {
                migration
                        .append("create table shop.made%1$d (id int primary key, o int references shop.orders);"
                                .formatted(n))
                        .append("create view shop.seen%1$d as select * from shop.made%1$d;".formatted(n))
                        .append("create function shop.made%1$d() returns int language sql as 'select %1$d';"
                                .formatted(n))
                        .append("alter table shop.orders add column extra%1$d int default %1$d;".formatted(n))
                        .append("create index made_extra%1$d on shop.orders (extra%1$d);".formatted(n));
            }
            pair.migrate(migration.toString());
            assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                    .isInstanceOf(Applied.class);
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(ManifestReader.objects(pair.copy));
            assertThat(pair.ask("select count(*) from shop.orders")).isEqualTo("1200");
        }
    }

    @Test
    void the_triggers_of_the_application_do_not_see_the_values_that_come_back() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("alter table shop.orders drop column state cascade, add column last text;"
                    + "alter table shop.orders force row level security");
            assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                    .isInstanceOf(Applied.class);
            assertThat(pair.ask("select count(*) from shop.orders where changed = 'never' and state = 'open'"))
                    .isEqualTo("1200");
        }
    }

    @Test
    void a_right_that_is_missing_is_said_and_nothing_is_changed() {
        try (Pair pair = Pair.of(major);
                PgSession clerk = pair.another()) {
            pair.migrate("alter table shop.bag add column extra int; grant usage on schema shop to ripcord_clerk");
            Derived derived = SchemaRollbackTest.derived(pair);
            var objects = ManifestReader.objects(pair.live);
            clerk.execute("set role ripcord_clerk");
            assertThat(SchemaChange.apply(clerk, pair.copy, derived, SOON))
                    .isInstanceOfSatisfying(
                            Failed.class, failed -> assertThat(failed.reason()).contains("permission denied"));
            assertThat(ManifestReader.objects(pair.live)).isEqualTo(objects);
        }
    }

    @Test
    void what_was_changed_since_the_plan_is_found_before_the_commit() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("alter table shop.bag add column extra int");
            Derived derived = SchemaRollbackTest.derived(pair);
            pair.migrate("create table shop.later (n int)");
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, SOON))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.reason()).contains("still differ", "table shop.later"));
            assertThat(
                            pair.ask(
                                    "select count(*) from pg_attribute where attrelid = 'shop.bag'::regclass and attname = 'extra'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void numbers_of_a_sequence_that_is_made_anew_are_not_given_out_twice() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate(
                    "insert into shop.customers (name) values ('since'); alter table shop.customers drop column email");
            assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                    .isInstanceOf(Applied.class);
            pair.migrate("insert into shop.customers (name) values ('later')");
            assertThat(pair.ask("select id from shop.customers where name = 'later'"))
                    .isEqualTo("302");
        }
    }

    @Test
    void numbers_that_the_application_takes_meanwhile_are_not_given_out_twice() {
        try (Pair pair = Pair.of(major);
                PgSession other = pair.another();
                PgSession acting = pair.another()) {
            pair.migrate("alter table shop.bag add column extra int");
            CompletableFuture<Outcome> outcome = waiting(pair, other, acting);
            String taken = pair.ask("select nextval('shop.numbers')");
            other.execute("rollback");
            assertThat(outcome.join()).isInstanceOf(Applied.class);
            assertThat(pair.ask("select last_value from shop.numbers")).isEqualTo(taken);
        }
    }

    @Test
    void nobody_is_given_a_number_of_a_sequence_that_is_being_made_anew() {
        try (Pair pair = Pair.of(major);
                PgSession other = pair.another();
                PgSession acting = pair.another()) {
            pair.migrate(
                    "alter table shop.customers drop column email;"
                            + "drop sequence shop.numbers; create sequence shop.numbers as int; select setval('shop.numbers', 70)");
            CompletableFuture<Outcome> outcome = waiting(pair, other, acting);
            pair.live.execute("set lock_timeout = '100ms'");
            for (String sequence : List.of("shop.customers_id_seq", "shop.numbers")) {
                assertThatThrownBy(() -> pair.ask("select nextval('" + sequence + "')"))
                        .isInstanceOfSatisfying(
                                DatabaseFailure.class,
                                failure -> assertThat(failure.sqlState()).isEqualTo("55P03"));
            }
            other.execute("rollback");
            assertThat(outcome.join()).isInstanceOf(Applied.class);
            assertThat(pair.ask("select last_value from shop.numbers")).isEqualTo("70");
            assertThat(pair.ask("select nextval('shop.customers_id_seq')")).isEqualTo("301");
        }
    }

    /** An act that has run its statements, and waits for the other session before it ends. */
    private static CompletableFuture<Outcome> waiting(Pair pair, PgSession other, PgSession acting) {
        Derived derived = SchemaRollbackTest.derived(pair);
        List<Change> changes = new ArrayList<>(derived.changes());
        changes.add(new Change.Statement("the test", "select pg_advisory_xact_lock(1)", "waits", null, null));
        Derived slow = new Derived(changes, derived.locks(), derived.notes());
        other.execute("begin; select pg_advisory_xact_lock(1)");
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(
                () -> SchemaChange.apply(acting, pair.copy, slow, Duration.ofSeconds(20)));
        Awaitility.await()
                .until(() -> !pair.live
                        .query(
                                "select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
                                acting.processId())
                        .isEmpty());
        return outcome;
    }

    @Test
    void what_was_renamed_gets_its_name_back_with_all_values() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("alter table shop.bag rename to sack; insert into shop.sack values ('since', 12);"
                    + "alter table shop.customers rename column note to remark;"
                    + "insert into shop.customers (name, remark) values ('since', 'mine')");
            Derived derived = SchemaRollbackTest.derived(pair);
            assertThat(derived.changes())
                    .filteredOn(Change.Rename.class::isInstance)
                    .hasSize(2);
            assertThat(derived.changes())
                    .noneMatch(change -> change instanceof Change.Rows || change instanceof Change.Values);
            assertThat(SchemaChange.apply(pair.live, pair.copy, derived, SOON)).isInstanceOf(Applied.class);
            assertThat(pair.ask("select weight from shop.bag where word = 'since'"))
                    .isEqualTo("12");
            assertThat(pair.ask("select note from shop.customers where name = 'since'"))
                    .isEqualTo("mine");
        }
    }

    @Test
    void a_table_that_was_dropped_has_the_rows_of_the_copy() {
        try (Pair pair = Pair.of(major)) {
            pair.migrate("drop table shop.orders cascade; drop table shop.payments_a; drop table shop.audit");
            assertThat(SchemaChange.apply(pair.live, pair.copy, SchemaRollbackTest.derived(pair), SOON))
                    .isInstanceOf(Applied.class);
            assertThat(ManifestReader.tables(pair.live)).isEqualTo(ManifestReader.tables(pair.copy));
            assertThat(ManifestReader.sequences(pair.live)).isEqualTo(ManifestReader.sequences(pair.copy));
        }
    }
}
