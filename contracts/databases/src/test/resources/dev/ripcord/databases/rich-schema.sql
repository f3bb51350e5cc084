-- A schema with something of everything. Run once per database by a superuser.
set search_path = public;
set row_security = on;
do $$
declare
    r text;
begin
    foreach r in array array['keeper', 'clerk', 'auditor'] loop
        if not exists (select from pg_roles where rolname = r) then
            execute format('create role %I', r);
        end if;
    end loop;
    foreach r in array array['citext', 'btree_gist', 'pg_trgm', 'postgres_fdw'] loop
        if exists (select from pg_available_extensions where name = r) then
            execute format('create extension %I', r);
        end if;
    end loop;
end $$;
create schema shop authorization keeper;
create schema "Odd ""Name" authorization keeper;
grant usage on schema shop to clerk;
comment on schema shop is 'what is sold';
alter default privileges for role keeper in schema shop grant select on tables to auditor;
alter default privileges for role keeper revoke execute on functions from public;
set role keeper;

create type shop.mood as enum ('sad', 'ok', 'happy');
alter type shop.mood add value 'so-so' before 'ok';
create type shop.address as (street text, "Post Code" varchar(10));
create domain shop.price as numeric(12, 2) default 1.50 constraint positive check (value > 0);
create type shop.span as range (subtype = timestamptz, multirange_type_name = shop.spans);
create collation shop.german (provider = icu, locale = 'de', deterministic = false);
create function shop.twice(n numeric) returns numeric language sql immutable strict parallel safe as 'select n * 2';
create function shop.with_body(n int, out doubled int) language sql immutable begin atomic select n * 2; end;
create function shop.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create procedure shop.clean(inout n int) language plpgsql security definer set search_path = pg_catalog as $$ begin n := 0; end $$;
create function shop.add(a numeric, b numeric) returns numeric language sql immutable as 'select coalesce(a, 0) + coalesce(b, 0)';
create aggregate shop.total(numeric) (sfunc = shop.add, stype = numeric, initcond = '0', combinefunc = shop.add, parallel = safe);
create operator shop.|+| (leftarg = numeric, rightarg = numeric, function = shop.add, commutator = operator(shop.|+|));
revoke all on function shop.twice(numeric) from public;
grant execute on function shop.twice(numeric) to clerk with grant option;

create table shop.customers (
    id bigint generated always as identity (start with 100 increment by 5) primary key,
    gone text,
    name text collate "C" not null,
    email text unique nulls not distinct,
    mood shop.mood default 'ok',
    home shop.address,
    tags text[] default '{}',
    "select" int,
    t text,
    balance money default 0
);
alter table shop.customers drop column gone;
alter table shop.customers add column later text default 'x';
alter table shop.customers alter column name set storage external, alter column email set statistics 500, alter column email set (n_distinct = -0.5);
comment on column shop.customers.name is 'as on the door';
create table shop.orders (
    id serial primary key,
    customer bigint not null references shop.customers on delete cascade deferrable initially deferred,
    price shop.price not null,
    doubled numeric generated always as (shop.twice(price)) stored,
    state jsonb not null default '{"open": true}',
    changed timestamptz not null default '2026-01-01'
) with (fillfactor = 70, toast.autovacuum_enabled = false);
alter table shop.customers add column newest_order int references shop.orders;
alter table shop.orders replica identity full, add constraint dear check (price < 1000000) not valid;
create policy own on shop.orders as permissive for select to clerk using (customer = 1);
create policy modest on shop.orders as restrictive for update to clerk, auditor using (true) with check (price < 100);
create unique index orders_state on shop.orders using btree ((state ->> 'open'), id desc nulls last) include (price) where price > 0;
create index orders_gin on shop.orders using gin (state jsonb_path_ops);
create index by_expression on shop.orders ((price * 2), (changed at time zone 'UTC'));
alter index shop.by_expression alter column 1 set statistics 300;
alter table shop.orders cluster on orders_pkey;
create trigger stamp before update of price on shop.orders for each row when (old.price is distinct from new.price) execute function shop.stamp();
create constraint trigger later_on after insert on shop.orders deferrable initially deferred for each row execute function shop.stamp();
alter table shop.orders disable trigger later_on;
create rule never as on delete to shop.customers where old.id < 0 do instead nothing;
grant select (id, price), update (price) on shop.orders to clerk;
grant insert on shop.orders to clerk with grant option;
create statistics shop.together (ndistinct, dependencies) on customer, price from shop.orders;

create table shop.payments (at date not null, amount numeric, order_id int references shop.orders) partition by range (at);
create table shop.payments_2025 partition of shop.payments for values from ('2025-01-01') to ('2026-01-01');
create table shop.payments_2026 partition of shop.payments for values from ('2026-01-01') to ('2027-01-01') partition by hash (amount);
create table shop.payments_2026_0 partition of shop.payments_2026 for values with (modulus 2, remainder 0);
create table shop.payments_2026_1 (amount numeric, at date not null, order_id int);
alter table shop.payments_2026 attach partition shop.payments_2026_1 for values with (modulus 2, remainder 1);
create table shop.payments_rest partition of shop.payments default;
alter table shop.payments add primary key (at, amount);
create index payments_amount on shop.payments (amount);
create table shop.refunds (at date, amount numeric, foreign key (at, amount) references shop.payments);
create trigger stamp after insert on shop.payments for each row execute function shop.stamp();

create table shop.parcels (status varchar(20) check (status in ('new', 'sent')), day int check (day between 1 and 31 and day <> 13));
create view shop.new_parcels as select status from shop.parcels where day between 1 and 9 and status in ('new', 'sent') and status is not null;
create table shop.animals (name text, constraint named check (name <> ''));
create table shop.cats (lives int default 9) inherits (shop.animals);
create unlogged table shop.scratch (n int);
create table shop.bookings (room int, during tstzrange, exclude using gist (during with &&));
create table shop.nothing ();
create table shop.t (t text, other text);
create table "Odd ""Name"."Tab le" ("Col""umn" int primary key, "%s" text);
create table shop.of_type of shop.address;
create table shop.a (id int primary key, b int);
create table shop.b (id int primary key, a int references shop.a);
alter table shop.a add foreign key (b) references shop.b;
create sequence shop.numbers as smallint increment by 7 minvalue 3 maxvalue 3000 cache 20 cycle;
create sequence shop.unused;

create view shop.dear with (security_barrier = true) as select o.id, o.price from shop.orders o where o.price > 100 with local check option;
create materialized view shop.per_mood as select mood, count(*) as customers from shop.customers group by mood;
create unique index per_mood_key on shop.per_mood (mood);
create materialized view shop.never_filled as select 1 as one with no data;
create text search configuration shop.words (copy = simple);
reset role;

create function public.on_ddl() returns event_trigger language plpgsql as $$ begin end $$;
create event trigger watch on ddl_command_end when tag in ('CREATE SEQUENCE') execute function public.on_ddl();
alter event trigger watch disable;
create publication part for table shop.customers (id, name), shop.refunds where (amount > 0) with (publish = 'insert');
create publication whole for tables in schema shop with (publish = 'insert');
create cast (shop.mood as int) with inout as assignment;
-- What a hash must not fall for: somebody's own cast of a row to text.
create function public.liar(shop.t) returns text language sql immutable as $$ select 'the same for every row' $$;
create cast (shop.t as text) with function public.liar(shop.t);
comment on function shop.twice(numeric) is 'doubles';
comment on trigger stamp on shop.orders is 'stamps';
comment on constraint dear on shop.orders is 'for new rows only';
comment on type shop.mood is 'how they feel';

insert into shop.customers (name, email, mood, home, tags, t, balance)
    select 'name ' || n, n || '@example.org', 'happy'::shop.mood, row('street ' || n, '123')::shop.address, array['a', null], null, 1.5::numeric::money from generate_series(1, 50) n;
insert into shop.orders (customer, price) select 100 + 5 * (n % 50), n from generate_series(1, 200) n;
update shop.customers set newest_order = 7 where id = 100;
insert into shop.payments select date '2025-06-01' + n * 10, n, 1 from generate_series(1, 80) n;
insert into shop.refunds select at, amount from shop.payments limit 5;
insert into shop.animals values ('dog');
insert into shop.cats values ('tom', 7);
insert into shop.scratch select generate_series(1, 10);
insert into shop.nothing default values;
insert into shop.t values ('same', 'one'), ('same', 'two'), (null, null);
insert into "Odd ""Name"."Tab le" values (1, 'é'), (2, E'\n');
insert into shop.bookings values (1, '[2026-01-01, 2026-01-02)');
insert into shop.of_type values ('somewhere', '1');
refresh materialized view shop.per_mood;
select setval('shop.numbers', 17);
select lo_from_bytea(4711, decode(repeat('ab', 5000), 'hex'));
select lo_put(4711, 9000, 'after a hole');
select lo_create(4712);
alter large object 4712 owner to keeper;
grant select on large object 4711 to clerk;
-- What only newer servers know.
do $$
begin
    if current_setting('server_version_num')::int >= 180000 then
        execute $newer$
        create table shop.newer (n int, doubled int generated always as (n * 2) virtual, during tstzrange, room int4range,
            primary key (room, during without overlaps));
        insert into shop.newer values (1, default, '[2026-01-01, 2026-01-02)', '[1, 2)');
        create table shop.loose (n int, a int, foreign key (a) references shop.a not enforced, constraint there not null n no inherit);
        insert into shop.loose values (1, 666);
        $newer$;
    end if;
end $$;
set constraints all immediate;
alter table shop.orders enable row level security, force row level security;
analyze;
