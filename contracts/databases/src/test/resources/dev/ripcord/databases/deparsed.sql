-- Expressions whose text PostgreSQL writes otherwise once it has been restored: a cast of an array, and a BETWEEN before an AND.
create table parcels (
    id int primary key,
    status varchar(20) not null check (status in ('new', 'paid', 'it''s [sent], gone')),
    kind text generated always as (case when status in ('new', 'paid') then 'open' else 'closed' end) stored,
    price numeric check (price = any (array[1, 2, 3]) or price is null),
    day int check (day between 1 and 31 and day <> 13),
    note varchar(9) default case when 'a'::varchar(3) in ('a', 'b') then 'x' end
);
insert into parcels (id, status, price, day) values (1, 'new', 1, 1), (2, 'paid', 2, 30), (3, 'it''s [sent], gone', null, 31);
create view unpaid_parcels as select id from parcels where day between 1 and 9 and id > 0 and (status in ('new', 'paid') or day = 3);
create materialized view paid_parcels as select id from parcels where status not in ('new', 'cancelled');
create index open_by_day on parcels (day) where status in ('new', 'paid') and day between 1 and 9;
create index is_open on parcels ((status in ('new', 'paid')));
create domain label as varchar(9) check (length(value) between 1 and 3 and value in ('a', 'b', 'abc'));
create table labelled (label label primary key);
insert into labelled values ('a');
alter table parcels enable row level security;
create policy few on parcels using (status in ('new', 'paid')) with check (day between 1 and 9 and status in ('new', 'paid'));
create function noted() returns trigger language plpgsql as $$ begin new.note := 'it''s'; return new; end $$;
create trigger noted before update on parcels for each row
    when (new.status in ('new', 'paid') and new.day between 1 and 2) execute function noted();
create rule kept as on delete to parcels where old.status in ('paid', 'sent') do instead nothing;
create statistics open_days on (status in ('new', 'paid')), day from parcels;
create view constants as select id from parcels p where exists (select null from parcels where id > p.id) and id in (select -1 union all select 'a'::varchar::int where id < 0)
    and price in (select -1.5 union all select price from parcels) and note not in (select 'lit') and array(select 'z') <> '{}';
create function weighed(n int) returns bigint[] language sql return array[(n + 1) * 2, 0]::bigint[];
create function with_default(kinds text[] default array['a'::varchar, 'b']) returns text language plpgsql as $$ begin return array[(1 + 1) * 2]; end $$;
create function while_open(open boolean default (current_date between date '2020-01-01' and date '2030-01-01' and current_user <> 'x'),
    known boolean default (current_setting('application_name', true)::varchar in ('a', 'b'))) returns boolean language plpgsql as $$ begin return open; end $$;
create publication few_parcels for table parcels where (id between 1 and 9 and id > 0);
create function open_count() returns bigint language sql
    begin atomic select count(*) from parcels where day between 1 and 9 and id > 0 and status in ('new', 'paid'); end;
alter table parcels add check (status = any (array[note, case when note = 'z' then status else note end]::varchar[]) or id > 0);
create view by_case as select id from parcels where status = any (array[note, case when note = 'z' then status else note end]::varchar[]);
create schema app;
create type app.status as enum ('new', 'paid');
create type app."Odd.Type" as enum ('new');
create table typed (status app.status, odd app."Odd.Type", at time, zone timetz, bits varbit, three bit(3), ids int[], names varchar[], many app.status[]);
create view unnamed as select from typed where status in (select 'new' union all select status from typed) and odd in (select 'new' union all select odd from typed)
    and at in (select '10:00' union all select at from typed) and zone in (select '10:00+01' union all select zone from typed)
    and bits in (select '101' union all select bits from typed) and three in (select b'101' union all select three from typed)
    and ids in (select '{1}' union all select ids from typed) and names in (select '{a}' union all select names from typed) and many in (select '{new}' union all select many from typed);
create function listed(p varchar, a varchar, "b, (c)" varchar) returns boolean language sql
    begin atomic select p in (coalesce(a, "b, (c)"), 'x') and p in (substr(a, 1, 2)::varchar, a || ')')
    and p in ((select max(n.note) from parcels n, typed t where n.id in (1, 2)), 'q', (array[a, 'z'])[1])
    and exists (select from typed where status in (select 'new' union all select status from typed)); end;
