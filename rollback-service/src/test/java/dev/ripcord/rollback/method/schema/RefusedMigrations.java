package dev.ripcord.rollback.method.schema;

import dev.ripcord.rollback.method.schema.SchemaRollbackTest.Refused;
import java.util.List;

/** Migrations that cannot be taken back safely, with the object and the reason named. */
final class RefusedMigrations {

    static final List<Refused> ALL = List.of(
            new Refused(
                    "a label of an enum is in use",
                    "alter type shop.mood add value 'new';; update shop.customers set mood = 'new' where id < 4",
                    "shop.customers.mood",
                    "3 values would not survive"),
            new Refused(
                    "values are too long for the former type",
                    "drop view shop.open_dear; alter table shop.customers alter column email type text; update shop.customers set email = repeat('x', 90) || id where id < 3",
                    "shop.customers.email",
                    "2 values would not survive"),
            new Refused(
                    "values are no numbers",
                    "alter table shop.bag alter column weight type text; update shop.bag set weight = 'heavy' where word = 'w1'",
                    "shop.bag.weight",
                    "its values do not fit integer"),
            new Refused(
                    "rows refer to nothing",
                    "alter table shop.orders drop constraint orders_customer_fkey; update shop.orders set customer = 4711 where id < 6",
                    "orders_customer_fkey",
                    "5 rows refer to nothing"),
            new Refused(
                    "rows do not satisfy a check",
                    "alter table shop.orders drop constraint cheap; update shop.orders set price = 2000000 where id < 3",
                    "cheap",
                    "2 rows do not satisfy it"),
            new Refused(
                    "a unique value is there twice",
                    "alter table shop.customers drop constraint customers_email_key; update shop.customers set email = 'same' where id < 5",
                    "customers_email_key",
                    "1 values are there more than once"),
            new Refused(
                    "a primary key is there twice",
                    "alter table shop.audit drop constraint audit_pkey; insert into shop.audit values ('2027-01-01', 'since')",
                    "audit_pkey",
                    "1 values are there more than once"),
            new Refused(
                    "rows have no value where there must be one",
                    "alter table shop.orders alter column state drop not null; update shop.orders set state = null where id < 8",
                    "state",
                    "7 rows have no value"),
            new Refused(
                    "rows made since have no value for a column that needs one",
                    "alter publication part drop table shop.customers; alter table shop.customers drop column name; insert into shop.customers (email) values ('x')",
                    "shop.customers.name",
                    "1 rows made since have none"),
            new Refused(
                    "the values of a table without a key",
                    "alter table shop.bag drop column weight",
                    "shop.bag.weight",
                    "no primary key"),
            new Refused(
                    "a partitioned table lost a column in the middle",
                    "drop table shop.payments; create table shop.payments (at date not null, amount numeric not null, primary key (at, amount)) partition by list (at)",
                    "shop.payments",
                    "partition key"),
            new Refused(
                    "a composite type in use changes",
                    "alter type shop.address add attribute more text",
                    "shop.customers.home",
                    "has to go"),
            new Refused(
                    "rows were written to a partition that was made",
                    "create table shop.payments_c partition of shop.payments for values from ('2027-01-01') to ('2028-01-01'); insert into shop.payments values ('2027-05-05', 1)",
                    "table shop.payments_c",
                    "it holds rows of table shop.payments, which stays"),
            new Refused(
                    "rows were written to an heir that was made",
                    "create table shop.dogs (tricks int) inherits (shop.animals); insert into shop.dogs values ('rex', 4, 1)",
                    "table shop.dogs",
                    "it holds rows of table shop.animals, which stays"),
            new Refused(
                    "moments got a time zone",
                    "alter table shop.moments alter column at type timestamptz using at at time zone 'Europe/Berlin'",
                    "shop.moments.at",
                    "the time zone that the migration ran in"),
            new Refused(
                    "moments lost their time zone",
                    "alter table shop.moments alter column seen type timestamp using seen at time zone 'Europe/Berlin'",
                    "shop.moments.seen",
                    "the time zone that the migration ran in"),
            new Refused(
                    "moments became days",
                    "alter table shop.moments alter column seen type date",
                    "shop.moments.seen",
                    "the time zone that the migration ran in"),
            new Refused(
                    "spans of time got a time zone",
                    "alter table shop.moments alter column during type tstzrange using tstzrange(lower(during), upper(during))",
                    "shop.moments.during",
                    "the time zone that the migration ran in"),
            new Refused(
                    "a list of moments got a time zone",
                    "alter table shop.moments alter column days type timestamptz[]",
                    "shop.moments.days",
                    "the time zone that the migration ran in"),
            new Refused(
                    "a domain over moments was given up for words",
                    "alter table shop.moments alter column felt type text; drop domain shop.instant",
                    "shop.moments.felt",
                    "the time zone that the migration ran in"),
            new Refused(
                    "words became moments",
                    "alter table shop.moments alter column note type timestamptz using note::timestamptz",
                    "shop.moments.note",
                    "the time zone that the migration ran in"),
            new Refused(
                    "an operator is made",
                    "create operator shop.|+| (leftarg = numeric, rightarg = numeric, function = numeric_add)",
                    "shop.|+|",
                    "not taken back one by one"),
            new Refused(
                    "a cast is made",
                    "create cast (shop.mood as int) with inout",
                    "shop.mood",
                    "not taken back one by one"));

    private RefusedMigrations() {}
}
