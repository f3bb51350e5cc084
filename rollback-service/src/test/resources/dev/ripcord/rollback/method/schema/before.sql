create schema shop;
create type shop.mood as enum ('sad', 'ok', 'happy');
create type shop.address as (street text, code text);
create domain shop.price as numeric(12, 2) default 1 constraint positive check (value > 0);
create function shop.twice(n numeric) returns numeric language sql immutable as 'select n * 2';
create function shop.stamp() returns trigger language plpgsql as $$ begin new.changed := 'by a trigger'; return new; end $$;
create function shop.noted() returns event_trigger language plpgsql as $$ begin end $$;
create sequence shop.numbers increment by 5;
create table shop.customers (
    id bigint generated always as identity primary key,
    name text not null,
    email varchar(80) unique,
    mood shop.mood default 'ok',
    home shop.address,
    note text default 'none',
    "Odd ""one; drop" int
);
create table shop.orders (
    id serial primary key,
    customer bigint not null references shop.customers on delete cascade,
    price shop.price not null,
    doubled numeric generated always as (price * 2) stored,
    changed text,
    state text not null default 'open',
    constraint cheap check (price < 1000000)
);
create index orders_state on shop.orders (state) where state <> 'closed';
create index orders_customer on shop.orders (customer);
create view shop.open_orders as select id, price, state from shop.orders where state = 'open';
create view shop.open_dear as select * from shop.open_orders where price > 10;
create materialized view shop.per_customer as select customer, count(*) as orders from shop.orders group by customer;
create unique index per_customer_key on shop.per_customer (customer);
create trigger stamp before update on shop.orders for each row execute function shop.stamp();
create rule never as on delete to shop.customers where old.id < 0 do instead nothing;
create policy own on shop.orders for select using (customer = 1);
alter table shop.orders enable row level security;
create statistics shop.together (ndistinct) on customer, state from shop.orders;
create table shop.audit (at date, what text, primary key (at, what));
create table shop.payments (at date not null, amount numeric not null, primary key (at, amount)) partition by range (at);
create table shop.payments_a partition of shop.payments for values from ('2025-01-01') to ('2026-01-01');
create table shop.payments_b partition of shop.payments for values from ('2026-01-01') to ('2027-01-01');
create index payments_amount on shop.payments (amount);
create table shop.animals (name text, legs int);
create table shop.cats (lives int) inherits (shop.animals);
create table shop.bag (word text, weight int);
create domain shop.instant as timestamptz;
create table shop.moments (id int primary key, at timestamp, seen timestamptz, during tsrange, felt shop.instant, days timestamp[], note text);
create table shop."Tab; ""le ключ" ("ключ a" int primary key, "select" text, "Zäh;lung" int);
create publication part for table shop.customers (id, name) with (publish = 'insert');
comment on column shop.customers.note is 'what they said';
comment on table shop.orders is 'what they bought';
grant select on shop.orders to ripcord_clerk;
grant select (id, name) on shop.customers to ripcord_clerk;
alter default privileges in schema shop grant select on sequences to ripcord_clerk;

insert into shop.customers (name, email, mood, note, "Odd ""one; drop") select 'name ' || n, n || '@example.org', 'happy', case when n % 3 = 0 then null else 'note; ''' || n end, n from generate_series(1, 300) n;
insert into shop.orders (customer, price, changed) select 1 + n % 300, n, 'never' from generate_series(1, 1200) n;
insert into shop.audit select '2026-01-01'::date + n, 'act "' || n || '"' from generate_series(1, 33) n;
insert into shop.payments select '2025-06-01'::date + n * 5, n from generate_series(1, 60) n;
insert into shop.animals values ('dog', 4);
insert into shop.cats values ('tom', 4, 7);
insert into shop.bag select 'w' || n, n from generate_series(1, 10) n;
insert into shop."Tab; ""le ключ" select n, 'é' || n, n from generate_series(1, 20) n;
insert into shop.moments select n, d, d, tsrange(d, d + interval '1 h'), d, array[d], d from (select n, timestamp '2026-03-29 00:30' + n * interval '1 h' d from generate_series(1, 5) n) m;
select nextval('shop.numbers');
refresh materialized view shop.per_customer;
analyze;

create domain shop.short as varchar(3);
create table shop.codes (id int primary key, code shop.short, codes shop.short[]);
insert into shop.codes values (1, 'abc', '{abc,d}'), (2, 'e', null);
create table shop.parents (id int primary key, note text, constraint upwards check (id > 0) no inherit);
create table shop.heirs () inherits (shop.parents);
insert into shop.parents values (1, 'of the parent');
insert into shop.heirs values (1, 'of an heir'), (-2, 'of another heir'), (-2, 'of another heir');
create table shop.unused (id serial primary key, word text);
create sequence shop.unused_too start 7;
create table shop.downwards (id int generated always as identity (increment -1) primary key, word text);
insert into shop.downwards (word) select 'word ' || n from generate_series(1, 5) n;
