do $$ begin
    if not exists (select 1 from pg_roles where rolname = 'shop_clerk') then create role shop_clerk; end if;
end $$;
create extension if not exists citext;
create schema stock;

create table customer (
    id integer generated always as identity primary key,
    email citext not null unique,
    name text not null,
    born date,
    settings jsonb not null default '{}',
    constraint born_after_1900 check (born > '1900-01-01')
);
create table category (id integer primary key, parent integer references category, name text not null default 'unnamed');
create table product (id bigint primary key, category integer references category, price numeric(10, 2) not null check (price >= 0));
create table orders (id bigserial primary key, customer integer not null references customer, placed timestamptz not null default '2026-01-01', note text);
create index orders_by_customer on orders (customer);
create table order_line (
    orders bigint references orders on delete cascade,
    line integer,
    product bigint references product,
    amount integer not null default 1,
    primary key (orders, line)
);
-- a composite key, with nulls that refer to nothing
create table delivery (id integer primary key, orders bigint, line integer, foreign key (orders, line) references order_line);
-- the other way to treat nulls
create table invoice (id integer primary key, orders bigint, line integer, foreign key (orders, line) references order_line match full);
-- by a type whose equality is an extension's own
create table newsletter (email citext references customer (email));
-- partitions on both sides
create table event (id bigint, at date not null, orders bigint references orders, primary key (id, at)) partition by range (at);
create table event_2025 partition of event for values from ('2025-01-01') to ('2026-01-01');
create table event_2026 partition of event for values from ('2026-01-01') to ('2027-01-01');
create table event_2027 (id bigint not null, at date not null, orders bigint);
create table event_detail (id bigint, at date, detail text, foreign key (id, at) references event);
-- not validated when the manifest was taken, and it may stay so
create table legacy (id integer primary key, customer integer);
insert into legacy values (1, 4711), (2, null);
alter table legacy add constraint legacy_customer foreign key (customer) references customer not valid;
alter table legacy add constraint legacy_positive check (id > 1) not valid;
create table stock.item (product bigint primary key, many integer not null, shelf text);
create sequence stock.shelf increment by -1 start with -1;

create view cheap as select id, price from product where price < 10;
create materialized view turnover as select product, sum(amount) as sold from order_line group by product;

create function stamp() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note, ''); return new; end $$;
create trigger stamp_note before insert on orders for each row execute function stamp();
alter table customer enable row level security;
create policy own_rows on customer using (name = current_user);
grant select on customer to shop_clerk;

insert into customer (email, name, born) select 'C' || n || '@Example.com', 'customer ' || n, '1980-01-01' from generate_series(1, 100) n;
insert into category values (1, null, 'all'), (2, 1, 'books'), (3, 2, 'novels');
insert into product select n, 1 + n % 3, n / 10.0 from generate_series(1, 50) n;
insert into orders (customer) select 1 + n % 100 from generate_series(1, 200) n;
insert into order_line select o, l, 1 + (o + l) % 50, l from generate_series(1, 200) o, generate_series(1, 3) l;
insert into delivery values (1, 1, 1), (2, null, 99), (3, 77777, null);
insert into invoice values (1, 1, 1), (2, null, null);
insert into newsletter values ('c1@example.COM'), (null);
insert into event select n, '2025-06-01'::date + 2 * n, n from generate_series(1, 200) n;
insert into event_detail select id, at, 'detail' from event;
insert into stock.item select n, n, 'A' || n from generate_series(1, 50) n;
select nextval('stock.shelf') from generate_series(1, 5);
refresh materialized view turnover;
select lo_from_bytea(0, '\x0102030405');
