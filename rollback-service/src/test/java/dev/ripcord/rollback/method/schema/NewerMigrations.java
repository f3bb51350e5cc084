package dev.ripcord.rollback.method.schema;

import dev.ripcord.rollback.method.schema.SchemaRollbackTest.Case;
import java.util.ArrayList;
import java.util.List;

/** Migrations of what only PostgreSQL 18 has, and what must read the same before and after. */
final class NewerMigrations {

    static final List<Case> ALL = new ArrayList<>();

    private static final String ITEMS =
            "select count(*) || md5(string_agg(row(id, price, name, uid)::text, '' order by id)) from newer.items";
    private static final String IDS = "select string_agg(id::text, ',' order by id) from newer.items";
    private static final String LOOSE = "select string_agg(row(id, parent, n)::text, '' order by id) from newer.loose";
    private static final String ROOMS =
            "select string_agg(row(id, valid_at, name)::text, '' order by valid_at) from newer.rooms";
    private static final String OLD = "select string_agg(row(n, m)::text, '' order by m) from newer.old_rows";
    private static final String SLOTS =
            "select string_agg(row(span, at, doubled)::text, '' order by span, at) from newer.slots";
    private static final String ORDERS = "select count(*) from shop.orders";

    private NewerMigrations() {}

    private static void add(String sentence, String migration, String kept) {
        ALL.add(new Case(sentence, migration, kept));
    }

    static {
        add(
                "a virtual column is added",
                "alter table newer.items add column extra numeric generated always as (price + 1)",
                ITEMS);
        add("a virtual column is dropped", "drop view newer.seen; alter table newer.items drop column gross", ITEMS);
        add(
                "a virtual column in the middle is dropped beside the last one",
                "alter table newer.items drop column label, drop column last",
                ITEMS);
        add(
                "a virtual column is computed otherwise",
                "drop publication newer_part, newer_columns; alter table newer.items drop constraint dear; alter table newer.items alter column gross set expression as (price * 1.3)",
                ITEMS);
        add(
                "a stored column is computed otherwise",
                "alter table newer.items alter column kept set expression as (price * 3)",
                ITEMS);
        add(
                "a stored column becomes virtual",
                "alter publication newer_columns drop table newer.items; alter table newer.items drop column kept, add column kept numeric generated always as (price * 2) virtual",
                ITEMS);
        add(
                "a virtual column becomes stored",
                "alter table newer.items drop column label, add column label text collate pg_c_utf8 generated always as (upper(name)) stored",
                ITEMS);
        add(
                "a virtual column becomes a plain one",
                "alter table newer.items drop column label, add column label text; update newer.items set label = 'written'",
                ITEMS);
        add(
                "a plain column becomes a virtual one",
                "alter table newer.items drop column last, add column last int generated always as (1) virtual",
                ITEMS);
        add(
                "the type of a column changes that virtual and stored ones are computed from",
                "drop view newer.seen; alter publication newer_columns drop table newer.items; alter table newer.items drop column gross, drop column kept; alter table newer.items alter column price type numeric(20, 3)",
                "select count(*) || md5(string_agg(row(id, round(price), name, uid)::text, '' order by id)) from newer.items");
        add(
                "the column that virtual ones are computed from is renamed",
                "alter table newer.items rename column price to cost",
                IDS);
        add(
                "a constraint that takes no nulls has another name",
                "alter table newer.items rename constraint priced to needed",
                ITEMS);
        add(
                "a constraint of an identity that takes no nulls has another name",
                "alter table newer.items rename constraint items_id_not_null to needed",
                ITEMS);
        add(
                "a constraint of an identity has another name and a comment",
                "alter table newer.items rename constraint items_id_not_null to needed; comment on constraint needed on newer.items is 'needed'",
                ITEMS);
        add(
                "a table was built anew beside the former one",
                "create table newer.next (id int primary key, parent int, n int); insert into newer.next select id, parent, n from newer.loose; drop table newer.loose; alter table newer.next rename to loose",
                LOOSE);
        add("a price may be missing", "alter table newer.items alter column price drop not null", ITEMS);
        add(
                "a constraint that takes no nulls is validated",
                "update newer.old_rows set n = 1 where n is null; alter table newer.old_rows validate constraint old_n",
                OLD);
        add(
                "a column is dropped whose constraint is not for former rows, and a row is made",
                "alter table newer.old_rows drop column n; insert into newer.old_rows (id, m) values (3, 3)",
                "select sum(m) from newer.old_rows");
        add(
                "constraints that take no nulls are dropped",
                "alter table newer.old_rows drop constraint old_n, drop constraint filled",
                OLD);
        add(
                "a constraint that takes no nulls goes down to heirs",
                "alter table newer.old_rows alter constraint filled inherit; alter table newer.items alter constraint priced no inherit",
                OLD);
        add(
                "a constraint that takes no nulls is made again not valid",
                "alter table newer.items alter column price drop not null; alter table newer.items add constraint priced not null price not valid",
                ITEMS);
        add(
                "a foreign key is enforced",
                "update newer.loose set parent = 1; alter table newer.loose alter constraint of_item enforced",
                LOOSE);
        add(
                "a check is enforced",
                "update newer.loose set n = id; alter table newer.loose drop constraint positive, add constraint positive check (n > 0)",
                LOOSE);
        add(
                "constraints that are not enforced are dropped",
                "alter table newer.loose drop constraint positive, drop constraint of_item",
                LOOSE);
        add(
                "nulls are distinct",
                "alter table newer.loose drop constraint once, add constraint once unique (n)",
                LOOSE);
        add("a foreign key over periods is dropped", "alter table newer.stays drop constraint of_room", ROOMS);
        add("a key over periods is dropped", "alter table newer.rooms drop constraint rooms_key cascade", ROOMS);
        add(
                "a key over periods is a plain one",
                "alter table newer.rooms drop constraint rooms_key cascade; alter table newer.rooms add constraint rooms_key primary key (id, valid_at)",
                ROOMS);
        add("a column is dropped beside a key over periods", "alter table newer.rooms drop column name", ORDERS);
        add(
                "the exclusion of a partitioned table is dropped",
                "alter table newer.slots drop constraint never_twice",
                SLOTS);
        add(
                "the identity of a partitioned table is dropped",
                "alter table newer.slots alter column id drop identity",
                SLOTS);
        add(
                "the identity of a partitioned table changes",
                "alter table newer.slots alter column id set generated by default, alter column id set increment 5",
                SLOTS);
        add("a partition is detached", "alter table newer.slots detach partition newer.slots_b", "select 1");
        add("a partition is dropped", "drop table newer.slots_b", "select 1");
        add(
                "a partition is made",
                "create table newer.slots_c partition of newer.slots for values from ('[20,21)') to ('[30,31)')",
                SLOTS);
        add(
                "a virtual column of a partitioned table is dropped",
                "alter table newer.slots drop column doubled",
                "select 1");
        add(
                "a virtual column of a partitioned table is computed otherwise",
                "alter table newer.slots alter column doubled set expression as (lower(span) * 3)",
                "select 1");
        add("a partitioned table is dropped", "drop table newer.slots", ORDERS);
        add("a table with virtual columns is dropped", "drop table newer.items cascade", ORDERS);
        add("tables with keys over periods are dropped", "drop table newer.rooms, newer.stays", ORDERS);
        add("tables with loose constraints are dropped", "drop table newer.loose, newer.old_rows", ORDERS);
        add("all of it is dropped", "drop schema newer cascade", ORDERS);
        add(
                "the right to maintain is given to another",
                "revoke maintain on newer.items from ripcord_clerk; grant maintain on newer.rooms to ripcord_clerk",
                ITEMS);
        add(
                "generated columns are not published any more",
                "alter publication newer_part set (publish_generated_columns = none); alter publication newer_columns set table newer.items (id)",
                ITEMS);
        add("publications of generated columns are dropped", "drop publication newer_part, newer_columns", ITEMS);
        add("a view acts for its owner", "alter view newer.seen reset (security_invoker)", ITEMS);
        add("a view that acts for its caller is dropped", "drop view newer.seen", ITEMS);
        add(
                "storage and compression are the usual ones",
                "alter table newer.items alter column name set storage default, alter column name set compression default",
                ITEMS);
        add("another kind of number is given", "alter table newer.items alter column uid set default uuidv4()", ITEMS);
        add(
                "words are sorted otherwise",
                "alter table newer.rooms alter column name type text collate pg_unicode_fast",
                ROOMS);
        add(
                "things of the newer kinds are made",
                "create table newer.made (id int4range, valid_at daterange, n int constraint nn not null no inherit, v int generated always as (n + 1), constraint k primary key (id, valid_at without overlaps), constraint c check (n > 0) not enforced); alter table newer.made add constraint f foreign key (id, period valid_at) references newer.rooms (id, period valid_at) not enforced; create view newer.v with (security_invoker) as select v from newer.made; create publication p for table newer.made with (publish_generated_columns = stored); grant maintain on newer.made to ripcord_clerk",
                ORDERS);
    }
}
