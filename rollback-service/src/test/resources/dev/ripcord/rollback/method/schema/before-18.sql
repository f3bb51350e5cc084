create schema newer;
create table newer.items (
    id int generated always as identity,
    price numeric constraint priced not null,
    gross numeric generated always as (price * 1.2) virtual,
    kept numeric generated always as (price * 2) stored,
    name text storage external compression pglz not null,
    label text collate pg_c_utf8 generated always as (upper(name)) virtual,
    uid uuid default uuidv7(),
    last int,
    constraint items_key primary key (id),
    constraint dear check (gross >= 0)
);
create table newer.rooms (id int4range, valid_at daterange, name text, constraint rooms_key primary key (id, valid_at without overlaps));
create table newer.stays (id int4range, room int4range, valid_at daterange, note text, primary key (id, valid_at without overlaps),
    constraint of_room foreign key (room, period valid_at) references newer.rooms (id, period valid_at));
create table newer.loose (id int primary key, parent int, n int, constraint of_item foreign key (parent) references newer.items not enforced,
    constraint positive check (n > 0) not enforced, constraint once unique nulls not distinct (n));
create table newer.old_rows (id int primary key, n int, m int, constraint filled not null m no inherit);
create table newer.slots (id bigint generated always as identity, span int4range not null, at daterange, what text,
    doubled bigint generated always as (lower(span) * 2) virtual, constraint never_twice exclude using gist (span with =, at with &&)) partition by range (span);
create table newer.slots_a partition of newer.slots for values from ('[1,2)') to ('[10,11)');
create table newer.slots_b partition of newer.slots for values from ('[10,11)') to ('[20,21)');
create view newer.seen with (security_invoker = true) as select id, gross from newer.items;
create publication newer_part for table newer.items with (publish_generated_columns = stored);
create publication newer_columns for table newer.items (id, kept);
grant maintain on newer.items to ripcord_clerk;

insert into newer.items (price, name, last) select n, 'item ' || n, n from generate_series(1, 50) n;
insert into newer.rooms values ('[1,2)', '[2026-01-01,2026-02-01)', 'a'), ('[1,2)', '[2026-02-01,2026-03-01)', 'b');
insert into newer.stays values ('[1,2)', '[1,2)', '[2026-01-20,2026-02-10)', 'x');
insert into newer.loose values (1, 666, -1), (2, 1, null);
insert into newer.old_rows values (1, null, 1), (2, 2, 2);
alter table newer.old_rows add constraint old_n not null n not valid;
insert into newer.slots (span, at) values ('[1,2)', '[2026-01-01,2026-01-02)'), ('[1,2)', '[2026-01-02,2026-01-03)'), ('[15,16)', '[2026-01-02,2026-01-03)');
