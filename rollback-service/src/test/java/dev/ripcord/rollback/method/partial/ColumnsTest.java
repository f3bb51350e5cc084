package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.rollback.method.partial.PartialRestore.Applied;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that the migration added, dropped or changed. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class ColumnsTest {

    private static final PartialOptions LEAVING = new PartialOptions(true, false, true);

    private final int major;

    ColumnsTest(int major) {
        this.major = major;
    }

    @Test
    void the_fields_of_a_type_within_a_type_are_not_exchanged() {
        try (Situation tables = Situation.of(major, """
                create type point_like as (x int, y int);
                create type placed as (at point_like, name text);
                create domain place as point_like;
                create table things (id int primary key, p placed, d place[]);
                insert into things values (1, row(row(3, 4), 'a'), array[row(7, 8)::place]);
                """)
                .then("alter type point_like drop attribute x; alter type point_like add attribute x int;"
                        + " update things set p = null, d = null")) {
            assertThat(tables.refused("things")).contains("column p").contains("column d");
        }
    }

    @Test
    void columns_that_the_migration_added_keep_their_values_where_the_row_stays() {
        try (Situation tables = Situation.of(major, """
                        create table things (id int primary key, slot int unique, name text);
                        insert into things select n, n, 'thing ' || n from generate_series(1, 10) n;""").then("""
                        alter table things add added text default 'default'; update things set added = 'kept ' || id;
                        update things set name = 'changed' where id = 1; delete from things where id = 2;
                        update things set slot = 0 where id = 3; update things set slot = 3 where id = 4; update things set slot = 4 where id = 3;
                        insert into things values (11, 11, '', '')""")) {
            PartialPlan.Ready ready = tables.ready("things");
            assertThat(ready.warnings()).anyMatch(each -> each.contains("rows that stay keep its value"));
            assertThat(tables.restore(ready, Situation.SOON)).isInstanceOf(Applied.class);
            assertThat(
                            tables.ask(
                                    "select string_agg(id || ':' || slot || ':' || name || ':' || added, ',' order by id) from public.things where id < 5 or id > 9"))
                    .isEqualTo(
                            "1:1:thing 1:kept 1,2:2:thing 2:default,3:3:thing 3:kept 3,4:4:thing 4:kept 4,10:10:thing 10:kept 10");
            tables.then(
                    "alter table things alter added drop default, alter added set not null; delete from things where id = 1");
            assertThat(tables.refused("things")).contains("must not be null and has no default");
        }
    }

    @Test
    void a_column_that_must_not_be_null_since_is_a_reason_to_refuse_where_a_null_would_come_back() {
        String schema =
                "create table things (id int primary key, n int, m int); insert into things values (1, 1, 1), (2, null, 2), (3, null, 3);"
                        + " create table parts (id int primary key, thing int references things); insert into parts values (1, 2);";
        String strict =
                "update things set n = 0 where n is null; alter table things alter n set not null, alter m set not null;";
        try (Situation tables = Situation.of(major, schema).then(strict)) {
            assertThat(tables.refused("things"))
                    .contains("column n must not be null now, and 2 rows that would come back are null in it")
                    .doesNotContain("column m");
        }
        try (Situation tables =
                Situation.of(major, schema).then(strict + " delete from parts; delete from things where id = 2")) {
            assertThat(tables.refused("parts"))
                    .contains(
                            "public.things: column n must not be null now, and 1 rows that would come back are null in it");
        }
    }

    @Test
    void columns_that_the_migration_dropped_are_a_reason_to_refuse_unless_they_were_empty_or_may_be_left() {
        try (Situation tables = Situation.of(major, """
                        create table things (id int primary key, name text, unused text, lost text);
                        insert into things select n, 'thing ' || n, null, case when n < 4 then 'x' end from generate_series(1, 10) n;""")
                .then(
                        "alter table things drop unused; update things set name = 'changed' where id = 1; delete from things where id = 2")) {
            tables.then("alter table things drop lost");
            assertThat(tables.refused("things")).contains("column lost no longer exists, and 3 rows");
            PartialPlan.Ready ready = tables.ready(LEAVING, "things");
            assertThat(tables.restore(ready, Situation.SOON)).isInstanceOf(Applied.class);
            assertThat(tables.ask("select string_agg(name, ',' order by id) from public.things where id < 4"))
                    .isEqualTo("thing 1,thing 2,thing 3");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table things drop total | column total no longer exists, and 10 rows",
                "alter table things drop total, add total int generated always as (id * 2) stored | column total is generated now, and 10 rows"
            })
    void values_that_are_gone_are_told_where_everything_else_is_as_it_was(String migration, String reason) {
        try (Situation tables = Situation.of(major, """
                        create table things (id int primary key, total int); insert into things select n, n * 3 from generate_series(1, 10) n;""").then(migration)) {
            assertThat(tables.refused("things")).contains(reason);
        }
    }

    @Test
    void a_type_that_changed_is_a_reason_to_refuse_unless_the_values_are_stored_alike() {
        try (Situation tables = Situation.of(major, """
                        create type mood as enum ('good', 'bad'); create type pair as (a int, b int);
                        create table numbers (id int primary key, n numeric(8, 2)); create table words (id int primary key, w varchar(10), m mood);
                        create table pairs (id int primary key, p pair[]);
                        insert into numbers values (1, 1), (2, 2); insert into words values (1, 'a', 'good'); insert into pairs values (1, array[(1, 2)::pair]);""").then("""
                        alter table numbers alter n type numeric(9, 3); update numbers set n = 7 where id = 1;
                        alter table words alter w type text; alter type mood add value 'fine' before 'bad';
                        alter type pair add attribute c text; delete from pairs""")) {
            tables.then("update words set w = repeat('long', 20), m = 'fine'");
            assertThat(tables.refused("numbers"))
                    .contains("column n was numeric(8,2) at the snapshot and is numeric(9,3) now");
            assertThat(tables.refused("pairs")).contains("column p");
            tables.restored("public.words");
        }
    }
}
