package dev.ripcord.rollback.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.rollback.decision.MigrationKind.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationKindTest {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "additive    | create table public.orders (id bigint primary key, note text default ';')",
                "additive    | alter table orders add column note text, add check (id > 0)",
                "additive    | alter table only public.orders alter column note set not null",
                "additive    | alter table orders alter note drop default, rename to bills",
                "additive    | alter table orders drop constraint orders_check",
                "additive    | alter table orders alter column note type text",
                "additive    | alter type mood add value 'calm'",
                "additive    | alter view v rename to w",
                "additive    | create or replace function f() returns int language sql begin atomic select case when true then 1 else 2 end; end",
                "additive    | create function f() returns void language plpgsql as $body$ begin delete from orders; drop table x; end $body$",
                "additive    | comment on table orders is 'drop table orders; delete'",
                "additive    | create materialized view m as select 1",
                "additive    | `create extension if not exists citext`",
                "destructive | drop table if exists orders",
                "destructive | drop view v",
                "destructive | drop index orders_i cascade",
                "destructive | alter table orders drop column note",
                "destructive | alter table orders drop note, add column x int",
                "destructive | alter table orders alter column price type numeric(4, 2)",
                "destructive | alter table orders alter column price set data type int using price::int",
                "destructive | alter table orders alter column words type text[]",
                "destructive | alter type address drop attribute street",
                "destructive | delete from orders where id = 1",
                "destructive | truncate orders, lines",
                "destructive | with gone as (delete from orders returning *) insert into archive select * from gone",
                "destructive | merge into a using b on a.id = b.id when matched then delete",
                "destructive | `insert into a values (1); /* and /* then */ */ DROP SCHEMA old -- done`",
                "data        | insert into orders values (1, 'delete from orders')",
                "data        | `update orders set note = E'it\\'s; drop table orders'`",
                "data        | merge into a using b on a.id = b.id when matched then update set x = 1",
                "data        | copy orders from '/tmp/orders.csv'",
                "data        | select pg_catalog.setval('s', 10)",
                "data        | alter sequence s restart with 7",
                "data        | create table x (id int); insert into x select 1",
                "index       | create unique index concurrently if not exists orders_i on orders (lower(note)) where id > 0",
                "index       | drop index concurrently orders_i; create index orders_j on orders (id)",
                "index       | reindex table orders",
                "index       | `begin; set local lock_timeout = '1s'; create index i on t (x); commit`",
                "policy      | create policy p on orders using (true)",
                "policy      | drop policy if exists p on orders",
                "policy      | alter table orders disable row level security",
                "policy      | alter table orders no force row level security, add column x int",
                "policy      | grant select on orders to public",
                "policy      | revoke all on orders from app",
                "policy      | alter default privileges grant select on tables to public",
                "policy      | alter table orders owner to app",
                "policy      | alter function f() security definer",
                "policy      | create function f() returns int language sql security definer as 'select 1'",
                "policy      | alter role app bypassrls",
                "unknown     | do $$ begin perform 1; end $$",
                "unknown     | call tidy_up()",
                "unknown     | select add_everything()",
                "unknown     | alter table orders disable trigger all",
                "unknown     | alter table orders detach partition p",
                "unknown     | alter system set fsync = off",
                "unknown     | alter function f() stable",
                "unknown     | `copy orders from stdin`",
                "unknown     | `\\i other.sql`",
                "unknown     | insert into orders values ('open",
                "unknown     | `drop table a /* open`",
                "unknown     | create function f() as $x$ begin end $y$",
                "unknown     | insert into orders values (1",
                "unknown     | insert into orders values 1)",
                "unknown     | `-- nothing but words`",
                "unknown     | begin; commit",
                "unknown     | create table x (id int); wibble",
            })
    void a_migration_is_what_its_weightiest_statement_is(MigrationKind kind, String sql) {
        assertThat(MigrationKind.of(sql).kind())
                .as(MigrationKind.of(sql).toString())
                .isEqualTo(kind);
    }

    @Test
    void what_was_found_is_told_with_its_line() {
        String sql = """
                -- a migration
                alter table "odd; name"
                  add column note text,
                  drop column "drop""ped";
                update customers set name = '
                ;';
                delete from only public.lines;
                """;
        assertThat(MigrationKind.of(sql).findings())
                .containsExactly(
                        new Finding(MigrationKind.additive, 3, "adds a column to \"odd; name\""),
                        new Finding(MigrationKind.destructive, 4, "drops the column \"drop\"\"ped\" of \"odd; name\""),
                        new Finding(MigrationKind.data, 5, "updates rows of customers, all of them"),
                        new Finding(MigrationKind.destructive, 7, "deletes rows of public.lines, all of them"));
    }

    @Test
    void a_constraint_that_takes_no_nulls_is_no_column() {
        assertThat(MigrationKind.of("alter table orders add not null note not valid")
                        .findings())
                .containsExactly(
                        new Finding(MigrationKind.additive, 1, "adds a constraint to orders, which may refuse rows"));
    }

    @Test
    void an_empty_migration_and_a_byte_order_mark_are_read() {
        assertThat(MigrationKind.of("").kind()).isEqualTo(MigrationKind.unknown);
        assertThat(MigrationKind.of("\uFEFFdrop table a").kind()).isEqualTo(MigrationKind.destructive);
    }

    @Test
    void no_cut_of_a_migration_breaks_the_reading() {
        String sql =
                "create function f() as $x$ ';\" $x$; alter table \"a\"\"b\" drop e, add f text default E'\\'' /* x */;";
        for (int from = 0; from < sql.length(); from++) {
            for (int to = from; to <= sql.length(); to++) {
                assertThat(MigrationKind.of(sql.substring(from, to)).kind()).isNotNull();
            }
        }
    }
}
