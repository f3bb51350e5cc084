package dev.ripcord.rollback.method.partial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables of the kinds that only PostgreSQL 18 has. */
class NewerTablesTest {

    @Test
    void columns_that_are_computed_when_they_are_read_follow_the_others() {
        try (Situation tables = Situation.of(18, """
                create table things (id int primary key, n int, twice int generated always as (n * 2), thrice int generated always as (n * 3) stored, name text);
                create table bag (n int, twice int generated always as (n * 2), name text);
                insert into things (id, n, name) select n, n, 'thing ' || n from generate_series(1, 20) n;
                insert into bag (n, name) select n, 'thing ' || n from generate_series(1, 20) n;
                """).then("""
                update things set n = 7 where id < 4; delete from things where id = 5; insert into things (id, n) values (30, 1);
                update bag set n = 7 where n < 4; delete from bag where n = 5; insert into bag (n) values (1)
                """)) {
            tables.restored("public.things", "public.bag");
        }
    }

    @Test
    void a_column_that_is_computed_otherwise_or_nowhere_since_stands_in_no_way() {
        try (Situation tables = Situation.of(18, """
                create table things (id int primary key, n int, twice int generated always as (n * 2), name text);
                insert into things (id, n, name) select n, n, 'thing ' || n from generate_series(1, 20) n;
                """).then("""
                alter table things alter column twice set expression as (n * 4), add column more int generated always as (n + 1), drop column name;
                update things set n = 7 where id < 4; delete from things where id = 5
                """)) {
            assertThat(tables.refused("things")).contains("column name no longer exists, and 20 rows");
            tables.then("alter table things add column name text");
            var ready = tables.ready("things");
            assertThat(tables.restore(ready, Situation.SOON)).isInstanceOf(PartialRestore.Applied.class);
            assertThat(
                            tables.ask(
                                    "select string_agg(n || ':' || twice || ':' || more || ':' || name, ',' order by id) from public.things where id < 6"))
                    .isEqualTo("1:4:2:thing 1,2:8:3:thing 2,3:12:4:thing 3,4:16:5:thing 4,5:20:6:thing 5");
        }
    }

    @Test
    void rows_of_which_a_column_cannot_be_computed_come_back_too() {
        try (Situation tables = Situation.of(18, """
                create table shares (id int primary key, parts int, each int generated always as (100 / parts));
                insert into shares values (1, 5), (2, 0), (3, 7), (4, 0);
                create table others (slot int unique, parts int, each int generated always as (100 / parts));
                insert into others values (1, 5), (2, 0), (3, 7), (4, 0);
                create table marked (id int primary key, slot int unique, parts int, each int generated always as (100 / parts));
                insert into marked values (1, 1, 5), (2, 2, 0), (3, 3, 7), (4, 4, 0);
                """)) {
            tables.live.execute(
                    "update public.shares set parts = 9 where id = 2; delete from public.shares where id = 4; insert into public.shares values (5, 0);"
                            + "update public.others set parts = 9 where slot = 2; delete from public.others where slot = 4; insert into public.others values (5, 0);"
                            + "alter table public.marked add column added text; update public.marked set added = 'kept', slot = slot + 10 where id = 2");
            PartialPlan plan = tables.plan("shares", "others", "marked");
            assertThat(plan).isInstanceOf(PartialPlan.Ready.class);
            assertThat(tables.restore((PartialPlan.Ready) plan, Situation.SOON))
                    .isInstanceOf(PartialRestore.Applied.class);
            for (String table : List.of("shares", "others", "marked")) {
                assertThat(tables.ask("select string_agg(parts::text, ',' order by parts) from public." + table))
                        .isEqualTo("0,0,5,7");
            }
            assertThat(tables.ask("select slot || added from public.marked where id = 2"))
                    .isEqualTo("2kept");
        }
    }

    private static final String ROOMS = """
            create table rooms (room int4range, valid_at daterange, who text, constraint rooms_key primary key (room, valid_at without overlaps)%s);
            insert into rooms values ('[1,2)', '[2026-01-01,2026-02-01)', 'a'), ('[1,2)', '[2026-02-01,2026-03-01)', 'b'), ('[3,4)', '[2026-02-01,2026-03-01)', 'c');
            """;

    @Test
    void rows_with_a_key_over_periods_come_back() {
        String changes = """
                update rooms set who = 'x' where who = 'a'; delete from rooms where who = 'c';
                update rooms set valid_at = '[2026-02-05,2026-02-10)' where who = 'b'; insert into rooms values ('[1,2)', '[2026-02-10,2026-02-20)', 'y')
                """;
        try (Situation tables = Situation.of(18, ROOMS.formatted("")).then(changes)) {
            tables.restored("public.rooms");
        }
        try (Situation tables = Situation.ofPlainOwner(18, ROOMS.formatted("")).then(changes)) {
            tables.restored("public.rooms");
        }
    }

    @Test
    void a_key_over_periods_that_is_checked_by_a_trigger_is_a_reason_to_refuse() {
        try (Situation tables =
                Situation.of(18, ROOMS.formatted(" deferrable")).then("update rooms set who = 'x' where who = 'a'")) {
            assertThat(tables.refused("rooms"))
                    .contains(
                            "deferrable exclusion constraints cannot be checked while triggers are held back: rooms_key");
        }
    }

    @Test
    void a_foreign_key_over_periods_is_a_reason_to_refuse_unless_it_is_not_enforced() {
        String stays =
                "create table stays (id int primary key, room int4range, valid_at daterange, constraint of_room foreign key (room, period valid_at) references rooms (room, period valid_at)%s);"
                        + " insert into stays values (1, '[1,2)', '[2026-01-20,2026-02-10)');";
        try (Situation tables =
                Situation.of(18, ROOMS.formatted("") + stays.formatted("")).then("update stays set id = 2")) {
            assertThat(tables.refused("stays")).contains("the foreign key of_room is over periods");
        }
        try (Situation tables = Situation.of(18, ROOMS.formatted("") + stays.formatted(" not enforced"))
                .then("update stays set id = 2; delete from rooms where who = 'a'")) {
            assertThat(tables.ready("stays").warnings())
                    .contains("the foreign key of_room is not enforced and not respected");
            tables.restored("public.stays");
            tables.restored("public.rooms");
        }
    }

    @Test
    void a_null_of_before_a_constraint_that_was_not_validated_is_a_reason_to_refuse_only_where_it_comes_back() {
        try (Situation tables = Situation.of(18, """
                create table old_rows (id int primary key, n int);
                insert into old_rows values (1, null), (2, 2), (3, null);
                alter table old_rows add constraint old_n not null n not valid;
                """)
                .then("update old_rows set n = 3 where id = 2; update old_rows set n = 1 where id = 1")) {
            assertThat(tables.refused("old_rows"))
                    .contains("column n must not be null now, and 1 rows that would come back are null in it");
            tables.then("alter table old_rows drop constraint old_n");
            tables.restored("public.old_rows");
        }
    }

    @Test
    void constraints_that_nobody_enforces_and_numbers_of_partitions_are_no_hindrance() {
        try (Situation tables = Situation.of(18, """
                create table parents (id int primary key);
                create table loose (id int primary key, parent int references parents not enforced, n int check (n > 0) not enforced, constraint once unique nulls not distinct (n));
                insert into loose values (1, 666, -1), (2, 1, null), (3, 1, 3);
                create table old_rows (id int primary key, n int);
                insert into old_rows values (1, null), (2, 2);
                alter table old_rows add constraint old_n not null n not valid;
                create table parts (id bigint generated always as identity, span int4range not null, at daterange, exclude using gist (span with =, at with &&)) partition by range (span);
                create table parts_a partition of parts for values from ('[1,2)') to ('[10,11)');
                create table parts_b partition of parts for values from ('[10,11)') to ('[20,21)');
                insert into parts (span, at) values ('[1,2)', '[2026-01-01,2026-01-02)'), ('[1,2)', '[2026-01-02,2026-01-03)'), ('[15,16)', '[2026-01-02,2026-01-03)');
                """).then("""
                delete from loose where id in (1, 2); update loose set n = null where id = 3; insert into loose values (4, 4, 3);
                update old_rows set n = 3 where id = 2;
                update parts set at = '[2026-03-01,2026-04-01)' where span = '[1,2)' and at = '[2026-01-01,2026-01-02)'; delete from parts where span = '[15,16)'; insert into parts (span, at) values ('[2,3)', '[2026-01-01,2026-01-02)')
                """)) {
            tables.restored("public.loose");
            tables.restored("public.old_rows");
            tables.restored(PartialOptions.USUAL, List.of("public.parts"), List.of("public.parts_a", "public.parts_b"));
        }
    }
}
