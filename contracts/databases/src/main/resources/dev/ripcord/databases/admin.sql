-- What `ripcord enrol` puts into the admin database of a server. Run by a superuser, as often as wanted.
--
-- The services' roles may execute these functions and nothing more destructive. The functions belong to a role that
-- nobody can log in as; every one fixes its search path, compares the server and the enrolment before it acts, and acts
-- only on the enrolled database and on the names that are made for it. DROP DATABASE cannot run inside a function at all.

create schema if not exists ripcord authorization ripcord_owner;
revoke all on schema ripcord from public;

create table if not exists ripcord.enrolment (
    database_id   text primary key,
    database_name text not null unique,
    environment   text not null,
    marker        uuid not null,
    server_addr   inet,
    server_port   integer,
    live_oid      bigint not null,
    enrolled_at   timestamptz not null default now()
);
comment on column ripcord.enrolment.live_oid is 'The object id that the name belongs to: set by enrol, changed by a swap and by nothing else. Dropped and made again, the database is another one.';
comment on table ripcord.enrolment is 'Which databases of this server may be acted on, and as what; a copy of the server carries it along, its address does not match then.';

create table if not exists ripcord.hold (
    database_id text primary key references ripcord.enrolment,
    command     text not null,
    fence       bigint not null,
    reason      text not null,
    was_template boolean not null default false,
    held_since  timestamptz not null default now()
);
alter table ripcord.hold add column if not exists pid integer;
alter table ripcord.hold add column if not exists session timestamptz;
comment on column ripcord.hold.session is 'Since when the session lasts that took it: with the process id, the one session of any server that this can be.';
comment on table ripcord.hold is 'Who holds a database closed right now: at most one command, the newest of its fencing numbers.';

create table if not exists ripcord.act (
    position    bigint generated always as identity primary key,
    database_id text not null references ripcord.enrolment,
    command     text not null,
    step        text not null,
    fence       bigint not null,
    detail      jsonb not null,
    done_by     text not null default session_user,
    done_at     timestamptz not null default clock_timestamp()
);
comment on table ripcord.act is 'Every act on a database of this server, in order.';
create unique index if not exists only_one_swap_per_command on ripcord.act (database_id, command) where step = 'swapped';

create table if not exists ripcord.making (
    name        text primary key,
    database_id text not null references ripcord.enrolment,
    fence       bigint not null,
    pid         integer not null,
    session     timestamptz not null,
    claimed_at  timestamptz not null default now()
);
comment on table ripcord.making is 'Who makes or removes a database of ours: one session at a time, the newest of its fencing numbers.';

-- What the names made for a database begin with: so many whole characters of its name as fit into 36 bytes.
create or replace function ripcord.stem(p_name text)
returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select left(p_name, max(n)) from generate_series(1, 36) n where octet_length(left(p_name, n)) <= 36
$$;
create unique index if not exists names_made_for_two_databases_differ on ripcord.enrolment (ripcord.stem(database_name));

alter table ripcord.enrolment owner to ripcord_owner;
alter table ripcord.hold owner to ripcord_owner;
alter table ripcord.act owner to ripcord_owner;
alter table ripcord.making owner to ripcord_owner;

create or replace function ripcord.identify(p_database text)
returns table (system_identifier text, in_recovery boolean, marker text, environment text, database_name text,
               address_matches boolean, enrolled_oid bigint, live_oid bigint, live_open boolean, server_version integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select (select system_identifier::text from pg_control_system()), pg_is_in_recovery(), e.marker::text, e.environment,
           e.database_name,
           e.server_addr is not distinct from inet_server_addr() and e.server_port is not distinct from inet_server_port(),
           e.live_oid, d.oid::bigint, d.datallowconn, current_setting('server_version_num')::integer
      from ripcord.enrolment e left join pg_database d on d.datname = e.database_name
     where e.database_id = p_database
$$;

-- Compares the server and the enrolment with what the caller believes; raises where they differ.
create or replace function ripcord.guard(p_database text, p_marker text, p_system text)
returns ripcord.enrolment
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment;
begin
    select * into enrolled from ripcord.enrolment where database_id = p_database;
    if not found then
        raise exception 'database % is not enrolled on this server', p_database using errcode = 'RC001';
    end if;
    if enrolled.marker::text is distinct from p_marker then
        raise exception 'enrolment marker mismatch for %: this server was enrolled as %', p_database, enrolled.environment using errcode = 'RC001';
    end if;
    if p_system is distinct from (select system_identifier::text from pg_control_system()) then
        raise exception 'system identifier mismatch for %: this is another server', p_database using errcode = 'RC001';
    end if;
    if enrolled.server_addr is distinct from inet_server_addr() or enrolled.server_port is distinct from inet_server_port() then
        raise exception 'address mismatch for %: enrolled at %:%, this is %:%; a copy of the server must be enrolled anew', p_database,
            host(enrolled.server_addr), enrolled.server_port, host(inet_server_addr()), inet_server_port() using errcode = 'RC001';
    end if;
    if pg_is_in_recovery() then
        raise exception 'the server of % is a standby', p_database using errcode = 'RC001';
    end if;
    return enrolled;
end $$;

-- What a session does, in the first two words of its newest statement: the rest may hold values, and this is told to
-- everybody.
create or replace function ripcord.doing(p_query text)
returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select coalesce((regexp_match(p_query, '^\s*([[:alpha:]]+(\s+[[:alpha:]_]+)?)'))[1], 'something')
$$;

-- Whether this is one of the names that are made for an enrolled database.
create or replace function ripcord.is_made_name(p_enrolled ripcord.enrolment, p_name text)
returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select starts_with(p_name, ripcord.stem(p_enrolled.database_name))
       and substr(p_name, length(ripcord.stem(p_enrolled.database_name)) + 1) ~ '^__(shadow|failed|snapshot)_[a-z0-9]{1,16}$'
$$;

-- The name of the database with this object id, if it is the enrolled one or one of those made for it; raises otherwise.
create or replace function ripcord.ours(p_enrolled ripcord.enrolment, p_oid bigint)
returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    name text;
begin
    select datname into name from pg_database where oid = p_oid::oid;
    if name is null then
        raise exception 'there is no database with object id % any more', p_oid using errcode = 'RC002';
    end if;
    if name <> p_enrolled.database_name and (
        not ripcord.is_made_name(p_enrolled, name)
        or exists (select 1 from ripcord.enrolment where database_name = name and database_id <> p_enrolled.database_id)) then
        raise exception 'database % (object id %) does not belong to enrolment %', name, p_oid, p_enrolled.database_id using errcode = 'RC001';
    end if;
    return name;
end $$;

-- Raises unless the enrolled name still belongs to the object id that the caller looked at before.
create or replace function ripcord.require_live(p_enrolled ripcord.enrolment, p_live bigint)
returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    found_oid bigint;
begin
    select oid::bigint into found_oid from pg_database where datname = p_enrolled.database_name;
    if found_oid is distinct from p_live then
        raise exception 'live database oid mismatch for %: expected %, found %', p_enrolled.database_name, p_live, found_oid using errcode = 'RC001';
    end if;
    if found_oid is distinct from p_enrolled.live_oid then
        raise exception 'live database oid mismatch for %: enrolled as %, found %; it was made again since', p_enrolled.database_name, p_enrolled.live_oid, found_oid using errcode = 'RC001';
    end if;
end $$;

-- Raises where a newer owner of a command has acted already: an earlier one, whose answers came late, may not act any more, also
-- where nothing is held any more.
create or replace function ripcord.require_newest(p_database text, p_command text, p_fence bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select 1 from ripcord.act where database_id = p_database and command = p_command and fence > p_fence) then
        raise exception 'stale fencing number % for %: a newer one has acted', p_fence, p_command using errcode = 'RC003';
    end if;
end $$;

-- Whether nobody goes on with a hold: a snapshot closes, copies and opens in sessions whose end a hold outlives where the
-- server was killed, was restored from a backup, or is a replica that took over. Whoever takes such a snapshot up again
-- closes anew. A copy that its service has left may still be made; and a rollback goes on in any session.
create or replace function ripcord.is_left_behind(p_hold ripcord.hold)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if p_hold.reason is distinct from 'snapshot' or p_hold.pid is null then
        return false;
    end if;
    perform pg_stat_clear_snapshot();
    return not exists (select 1 from pg_stat_activity where pid = p_hold.pid and backend_start = p_hold.session)
       and not exists (select 1 from pg_locks l join pg_database d on d.oid = l.objid join ripcord.enrolment e on e.database_name = d.datname
                        where e.database_id = p_hold.database_id and l.locktype = 'object' and l.classid = 'pg_database'::regclass
                          and l.mode = 'ShareLock' and l.granted);
end $$;

-- Takes a database from whoever holds it, and lets everybody in as it was before.
create or replace function ripcord.release(p_enrolled ripcord.enrolment, p_by text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    holder ripcord.hold;
begin
    delete from ripcord.hold where database_id = p_enrolled.database_id returning * into holder;
    if not found then
        return;
    end if;
    if exists (select 1 from pg_database where datname = p_enrolled.database_name and oid = p_enrolled.live_oid::oid) then
        execute format('alter database %I with allow_connections true', p_enrolled.database_name);
        -- a copy that was begun has made it a template for that time
        if holder.reason = 'snapshot' then
            execute format('alter database %I is_template %s', p_enrolled.database_name, holder.was_template::text);
        end if;
    end if;
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (holder.database_id, holder.command, 'opened', holder.fence, jsonb_build_object('oid', p_enrolled.live_oid, 'by', p_by));
end $$;

-- The session in which a command is changing the live database in place right now; null where it is not. A server to which the acts of
-- another came by a dump has not given out their transactions yet, and asking it for such is an error.
create or replace function ripcord.changing_in(p_database text, p_command text)
returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select began.pid from (select detail ->> 'pid' as pid, detail ->> 'transaction' as xact from ripcord.act
                            where database_id = p_database and command = p_command and step = 'changing in place' offset 0) began
     where case when began.xact::xid8 < pg_snapshot_xmax(pg_current_snapshot()) then pg_xact_status(began.xact::xid8) end = 'in progress' limit 1
$$;

-- Raises while a command is changing the live database in place: whoever let others at it then would have it changed under them.
create or replace function ripcord.require_no_change(p_database text, p_command text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    changing_pid text := ripcord.changing_in(p_database, p_command);
begin
    if changing_pid is not null then
        raise exception '% is changing % right now, in the session with pid %: it lets go when that has ended; to have it taken back, as superuser: select pg_terminate_backend(%)',
            p_command, p_database, changing_pid, changing_pid using errcode = 'RC004';
    end if;
end $$;

-- What to do about a hold that is in the way. One command may have tried to change the database in place, and have closed it then.
create or replace function ripcord.way_out(p_hold ripcord.hold)
returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
    select case when p_hold.reason = 'snapshot' and p_hold.pid is not null then format('it lets go when the database is copied, or its session has ended (pid %s)', p_hold.pid)
                when p_hold.reason = 'snapshot' then format('if nothing goes on with it, as superuser in this database: select ripcord.reopen(%L)', p_hold.database_id)
                when 'changing in place' is distinct from (select step from ripcord.act where database_id = p_hold.database_id and command = p_hold.command
                                                              and step in ('closed', 'changing in place') order by position desc limit 1)
                    then format('if nothing goes on with it: ripcord rollback reopen %s --word CONFIRM_REOPEN --reason …', p_hold.command)
                else coalesce(format('it lets go when its change is done, or its session has ended (pid ' || ripcord.changing_in(p_hold.database_id, p_hold.command) || ')'),
                              format('nothing of it is going on right now; if its service does not come back to it, as superuser in this database: select ripcord.reopen(%L, %L)', p_hold.database_id, p_hold.command)) end
$$;

-- Takes the hold on a database for a command, or renews it with a newer fencing number; raises where another holds it.
create or replace function ripcord.take_hold(p_database text, p_command text, p_fence bigint, p_reason text, p_live bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment;
    holder ripcord.hold;
begin
    perform pg_advisory_xact_lock(hashtextextended('ripcord hold of ' || p_database, 0));
    if exists (select 1 from ripcord.act where database_id = p_database and command = p_command and step = 'reopened') then
        raise exception '% was given up by a person and may not close % again', p_command, p_database using errcode = 'RC009';
    end if;
    perform ripcord.require_newest(p_database, p_command, p_fence);
    select * into holder from ripcord.hold where database_id = p_database;
    if holder.command <> p_command and ripcord.is_left_behind(holder) then
        select * into strict enrolled from ripcord.enrolment where database_id = p_database;
        perform ripcord.release(enrolled, p_command || ', for nobody went on with it');
    end if;
    insert into ripcord.hold as h (database_id, command, fence, reason, was_template, pid, session)
        select p_database, p_command, p_fence, p_reason, d.datistemplate, a.pid, a.backend_start
          from pg_database d, pg_stat_activity a where d.oid = p_live::oid and a.pid = pg_backend_pid()
        on conflict (database_id) do update set fence = excluded.fence, pid = excluded.pid, session = excluded.session
        where h.command = excluded.command and h.fence <= excluded.fence;
    if not found then
        select * into holder from ripcord.hold where database_id = p_database;
        if holder.command = p_command then
            raise exception 'stale fencing number % for %: % is the newest', p_fence, p_command, holder.fence using errcode = 'RC003';
        end if;
        raise exception 'database % is held closed by % (%) since %; %', p_database, holder.command, holder.reason, holder.held_since, ripcord.way_out(holder)
            using errcode = 'RC004';
    end if;
end $$;

create or replace function ripcord.require_hold(p_database text, p_command text, p_fence bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform 1 from ripcord.hold where database_id = p_database and command = p_command and fence = p_fence for update;
    if not found then
        raise exception 'stale fencing number % for %: it does not hold % closed', p_fence, p_command, p_database using errcode = 'RC003';
    end if;
end $$;

-- Lets nobody in any more; sessions that are there stay until end_sessions.
create or replace function ripcord.close(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint, p_for_copy boolean)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    live_name text := ripcord.ours(enrolled, p_live);
begin
    perform ripcord.require_live(enrolled, p_live);
    perform ripcord.take_hold(p_database, p_command, p_fence, case when p_for_copy then 'snapshot' else 'rollback' end, p_live);
    if p_for_copy then
        execute format('alter database %I with allow_connections false is_template true', live_name);
    else
        execute format('alter database %I with allow_connections false', live_name);
    end if;
    insert into ripcord.act (database_id, command, step, fence, detail) values (p_database, p_command, 'closed', p_fence, jsonb_build_object('oid', p_live));
end $$;

-- Ends the sessions in the closed database but those named, and waits until they are gone; returns who is left.
create or replace function ripcord.end_sessions(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint, p_keep integer[], p_limit_millis integer)
returns table (pid integer, who text, what text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    deadline timestamptz := clock_timestamp() + make_interval(secs => p_limit_millis / 1000.0);
    again timestamptz := clock_timestamp();
begin
    perform ripcord.require_live(enrolled, p_live);
    perform ripcord.require_hold(p_database, p_command, p_fence);
    loop
        perform pg_stat_clear_snapshot();
        exit when not exists (select 1 from pg_stat_activity a where a.datid = p_live::oid and a.pid <> all (p_keep));
        if clock_timestamp() >= again then
            perform pg_terminate_backend(a.pid) from pg_stat_activity a where a.datid = p_live::oid and a.pid <> all (p_keep);
            again := clock_timestamp() + interval '100 milliseconds';
        end if;
        exit when clock_timestamp() > deadline;
        perform pg_sleep(0.001);
    end loop;
    return query select a.pid, coalesce(a.usename::text, a.backend_type), ripcord.doing(a.query)
                   from pg_stat_activity a where a.datid = p_live::oid and a.pid <> all (p_keep);
end $$;

-- Lets everybody wait who connects to the server, until the transaction ends.
create or replace function ripcord.lock_databases()
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform set_config('lock_timeout', '100ms', true);
    lock table pg_catalog.pg_database in access exclusive mode;
exception when lock_not_available then
    raise exception 'the list of databases is in use' using errcode = 'RC008';
end $$;

-- Ends the sessions in the live database but those named, behind the lock on the list of databases.
create or replace function ripcord.end_behind_lock(p_enrolled ripcord.enrolment, p_live bigint, p_keep integer[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    deadline timestamptz := clock_timestamp() + interval '300 milliseconds';
begin
    perform ripcord.require_live(p_enrolled, p_live);
    perform pg_terminate_backend(a.pid) from pg_stat_activity a where a.datid = p_live::oid and a.pid <> all (p_keep);
    loop
        perform pg_stat_clear_snapshot();
        exit when not exists (select 1 from pg_stat_activity a where a.datid = p_live::oid and a.pid <> all (p_keep));
        if clock_timestamp() > deadline then
            raise exception 'there are still sessions in %', p_enrolled.database_name using errcode = 'RC008';
        end if;
        perform pg_sleep(0.001);
    end loop;
end $$;

-- Has everybody who connects to this server wait until the end of this transaction, and ends the sessions in the live
-- database but those named. Nothing that lasts is changed: when the transaction ends without a swap, all is as it was.
-- Raises RC008 where that cannot be had at once (somebody reads pg_database in a long transaction, a session does not end).
create or replace function ripcord.hold_off(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint, p_keep integer[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.take_hold(p_database, p_command, p_fence, 'rollback', p_live);
    perform ripcord.lock_databases();
    insert into ripcord.act (database_id, command, step, fence, detail) values (p_database, p_command, 'closed', p_fence, jsonb_build_object('oid', p_live));
    -- whoever holds everybody off and is not heard of any more is thrown out
    perform set_config('statement_timeout', '1s', true), set_config('idle_in_transaction_session_timeout', '1s', true);
    perform ripcord.end_behind_lock(enrolled, p_live, p_keep);
end $$;

-- Closes the live database for a copy and leaves nobody in it. Whoever connects meanwhile waits, and is refused only from then
-- until the copy begins; where that is not to be had at once, nothing is changed, and close and end_sessions are the way.
create or replace function ripcord.close_for_copy(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.take_hold(p_database, p_command, p_fence, 'snapshot', p_live);
    perform ripcord.lock_databases();
    if exists (select 1 from ripcord.blockers(p_database, p_marker, p_system, p_live, 2000)) then
        raise exception 'the schema is being changed' using errcode = 'RC008';
    end if;
    insert into ripcord.act (database_id, command, step, fence, detail) values (p_database, p_command, 'closed', p_fence, jsonb_build_object('oid', p_live));
    perform ripcord.end_behind_lock(enrolled, p_live, array[]::integer[]);
    execute format('alter database %I with allow_connections false is_template true', enrolled.database_name);
end $$;

-- What stands in the way of closing or copying: prepared transactions, and locks that only a schema change takes, or a
-- transaction that makes a temporary table, which nobody can tell apart from outside: applications do that all the time and
-- soon end it, so that those of transactions younger than p_older_millis may be left out.
drop function if exists ripcord.blockers(text, text, text, bigint);
create or replace function ripcord.blockers(p_database text, p_marker text, p_system text, p_live bigint, p_older_millis integer)
returns table (kind text, what text, session text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live);
    return query
        select 'prepared transaction', format('%s of %s since %s', x.gid, x.owner, x.prepared), x.gid
          from pg_prepared_xacts x where x.database = enrolled.database_name
        union all
        select distinct 'schema change', format('pid %s (%s, %s): %s', a.pid, a.usename, a.application_name, ripcord.doing(a.query)), a.pid || ' ' || a.backend_start
          from pg_locks l join pg_stat_activity a on a.pid = l.pid
         where l.database = p_live::oid and l.locktype = 'relation' and l.relation >= 16384 and a.backend_type = 'client backend'
           and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
           and (p_older_millis = 0 or a.xact_start <= clock_timestamp() - make_interval(secs => p_older_millis / 1000.0));
end $$;

-- What a plan must show besides: kind, what, what to do, and whether nothing is done while it is
-- there. For {relations} stand the names of the relations, which are known in the live database alone.
create or replace function ripcord.obstacles(p_database text, p_marker text, p_system text, p_live bigint)
returns table (kind text, what text, advice text, stops boolean, relations bigint[])
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live);
    return query
    with sessions as (
        select a.*, coalesce(r.rolsuper, false) as super, format('pid %s (%s)', a.pid, concat_ws(', ', a.usename, nullif(a.application_name, ''), host(a.client_addr))) as who
          from pg_stat_activity a left join pg_roles r on r.oid = a.usesysid
         where a.datid = p_live::oid and a.pid <> pg_backend_pid() and coalesce(a.usename, '') !~ '^ripcord_'
    )
    select 'prepared transaction', format('%s of %s since %s', x.gid, x.owner, x.prepared),
           format('in that database: commit prepared %L, or rollback prepared %L', x.gid, x.gid), true, '{}'::bigint[]
      from pg_prepared_xacts x where x.database = enrolled.database_name
    union all
    select 'schema change',
           format('%s %s on %s for %s s: %s', s.who, case when bool_or(not l.granted) then 'waits for a lock' else 'holds a lock' end,
                  '{relations}', round(extract(epoch from clock_timestamp() - coalesce(s.xact_start, s.backend_start))), ripcord.doing(s.query))
           || coalesce('; waits for pid ' || nullif(array_to_string(pg_blocking_pids(s.pid), ', '), ''), '')
           || coalesce('; holds up pid ' || (select string_agg(distinct w.pid::text, ', ') from pg_locks w where not w.granted and s.pid = any (pg_blocking_pids(w.pid))), ''),
           format('let it end, or have it ended: select pg_terminate_backend(%s)', s.pid), coalesce(s.xact_start <= clock_timestamp() - interval '2 seconds', true), array_agg(distinct l.relation::bigint)
      from sessions s join pg_locks l on l.pid = s.pid
     where l.database = p_live::oid and l.locktype = 'relation' and l.relation >= 16384 and s.backend_type = 'client backend'
       and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
     group by s.pid, s.who, s.xact_start, s.backend_start, s.query
    union all
    select 'long transaction', format('%s, open for %s s, %s: %s', s.who, round(extract(epoch from clock_timestamp() - s.xact_start)), s.state, ripcord.doing(s.query)),
           'a swap ends it and takes it back; let it end first if it matters', false, '{}'::bigint[]
      from sessions s where s.backend_type = 'client backend' and s.xact_start < clock_timestamp() - interval '10 seconds'
    union all
    select 'superuser session', s.who || ': ' || ripcord.doing(s.query), 'a swap ends it like every other; ask whose it is', false, '{}'::bigint[]
      from sessions s where s.super and s.backend_type = 'client backend'
    union all
    select 'background worker', format('pid %s: %s', s.pid, s.backend_type), 'a swap ends it; see that what started it starts it in the restored database', false, '{}'::bigint[]
      from sessions s where s.backend_type not in ('client backend', 'autovacuum worker', 'parallel worker', 'walsender')
    union all
    select 'logical slot', format('%s (%s), %s', r.slot_name, r.plugin, case when r.active then 'read by pid ' || r.active_pid else 'not read now' end),
           'it stays with the database that is kept: make a new one on the restored database, and tell who reads it that history was rewritten', false, '{}'::bigint[]
      from pg_replication_slots r where r.database = enrolled.database_name
    union all
    select 'replica', format('%s (%s), %s, %s bytes behind', coalesce(nullif(r.application_name, ''), 'pid ' || r.pid), coalesce(host(r.client_addr), 'local'), r.state,
                             coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::text, 'an unknown number of')),
           'sessions there go on reading the database that failed: end them once the replica has replayed the swap', false, '{}'::bigint[]
      from pg_stat_replication r where not exists (select 1 from pg_stat_activity a where a.pid = r.pid and a.datid is not null)
    union all
    select 'pooler', format('%s sessions of %s from %s%s', count(*), string_agg(distinct s.usename, ', '), coalesce(host(s.client_addr), 'the server itself'),
                            coalesce(' as ' || nullif(string_agg(distinct s.application_name, ', ') filter (where s.application_name ~* '(bouncer|pgcat|odyssey|pgpool|supavisor|pooler)'), ''), '')),
           'confirm that it lets go of ended connections (PgBouncer: RECONNECT), and that the next ones are to the restored database', false, '{}'::bigint[]
      from sessions s where s.backend_type = 'client backend' group by s.client_addr
    having count(*) >= 20 or bool_or(s.application_name ~* '(bouncer|pgcat|odyssey|pgpool|supavisor|pooler)')
    union all
    select 'subscription', format('%s, %s', u.subname, case when u.subenabled then 'enabled' else 'disabled' end),
           'it stays with the database that is kept: disable it there and make it anew on the restored one', false, '{}'::bigint[]
      from pg_subscription u where u.subdbid = p_live::oid;
end $$;

-- Opens a database that is closed for a copy as soon as the copy has begun: CREATE DATABASE holds a share lock on its
-- template, behind which new sessions wait instead of being refused, and trying again, until the copy is done.
create or replace function ripcord.let_wait(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint, p_copy_name text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    deadline timestamptz := clock_timestamp() + interval '500 milliseconds';
begin
    perform ripcord.require_live(enrolled, p_live);
    loop
        perform 1 from ripcord.hold where database_id = p_database and command = p_command and fence = p_fence and reason = 'snapshot';
        exit when not found;
        if exists (select 1 from pg_locks where locktype = 'object' and classid = 'pg_database'::regclass and objid = p_live::oid and mode = 'ShareLock' and granted) then
            perform ripcord.require_hold(p_database, p_command, p_fence);
            execute format('alter database %I with allow_connections true', enrolled.database_name);
            exit;
        end if;
        exit when clock_timestamp() > deadline or exists (select 1 from pg_database where datname = p_copy_name);
        perform pg_sleep(0.001);
    end loop;
end $$;

-- Ends some of those who wait for a copy of the live database, if there are so many that less than a quarter of the server's
-- connections is left for others: those that wait longest. Each takes up a connection, also when his client has given up and
-- come again, which the server does not notice before the copy is done. Returns how many.
create or replace function ripcord.end_waiting(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    available integer := current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
        - coalesce(current_setting('reserved_connections', true)::integer, 0);
    waiting integer[];
    others bigint;
    excess integer;
begin
    perform ripcord.require_live(enrolled, p_live);
    perform ripcord.require_hold(p_database, p_command, p_fence);
    select coalesce(array_agg(pid order by waitstart), '{}') into waiting from pg_locks
     where locktype = 'object' and classid = 'pg_database'::regclass and objid = p_live::oid and mode = 'RowExclusiveLock' and not granted;
    -- until 17 it does not show those who wait
    select count(*) into others from pg_stat_activity where backend_type = 'client backend' and pid <> all (waiting);
    -- some may always wait: the others alone may be too many
    excess := least(others + cardinality(waiting) - available * 3 / 4, cardinality(waiting) - 3);
    return (select count(*) filter (where pg_terminate_backend(pid)) from unnest(waiting[1:greatest(excess, 0)]) w(pid));
end $$;

-- Lets everybody in again and gives up the hold: the way back from close. Does nothing where another command holds it.
create or replace function ripcord.open(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    holder ripcord.hold;
begin
    select * into holder from ripcord.hold where database_id = p_database for update;
    if not found or holder.command <> p_command then
        return;
    end if;
    if holder.fence > p_fence then
        raise exception 'stale fencing number % for %: it does not hold % closed', p_fence, p_command, p_database using errcode = 'RC003';
    end if;
    perform ripcord.require_live(enrolled, p_live);
    if holder.reason = 'snapshot' then
        execute format('alter database %I with allow_connections true is_template %s', enrolled.database_name, holder.was_template::text);
    else
        execute format('alter database %I with allow_connections true', enrolled.database_name);
    end if;
    delete from ripcord.hold where database_id = p_database;
    insert into ripcord.act (database_id, command, step, fence, detail) values (p_database, p_command, 'opened', p_fence, jsonb_build_object('oid', p_live));
end $$;

-- Signed off by a person: whatever a rollback holds is taken from it, and it can take no hold any more. Says what was done:
-- opened, open (there was nothing to do), swapped (too late, the other database is live and open), or closed by another.
create or replace function ripcord.reopen(p_database text, p_marker text, p_system text, p_command text, p_live bigint, p_by text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    holder ripcord.hold;
    done text;
begin
    perform pg_advisory_xact_lock(hashtextextended('ripcord hold of ' || p_database, 0));
    perform ripcord.require_no_change(p_database, p_command);
    select * into holder from ripcord.hold where database_id = p_database for update;
    if exists (select 1 from ripcord.act where database_id = p_database and command = p_command and step = 'swapped') then
        return 'swapped';
    end if;
    perform ripcord.require_live(enrolled, p_live);
    if holder.command is distinct from p_command and (
        holder.command is not null
        or p_command is distinct from (select command from ripcord.act where database_id = p_database and step in ('closed', 'opened', 'reopened') order by position desc limit 1)) then
        done := case when (select datallowconn from pg_database where oid = p_live::oid) then 'open' else 'closed by another' end;
    elsif (select datallowconn from pg_database where oid = p_live::oid) then
        done := 'open';
    else
        execute format('alter database %I with allow_connections true', enrolled.database_name);
        done := 'opened';
    end if;
    delete from ripcord.hold where database_id = p_database and command = p_command;
    if not exists (select 1 from ripcord.act where database_id = p_database and command = p_command and step = 'reopened') or done = 'opened' then
        insert into ripcord.act (database_id, command, step, fence, detail)
            values (p_database, p_command, 'reopened', coalesce(holder.fence, 0), jsonb_build_object('oid', p_live, 'by', p_by, 'done', done));
    end if;
    return done;
end $$;

-- The sessions in the live database that change its schema, wait for another, are waited for, or are long in a transaction.
-- Those of the services are not among them.
create or replace function ripcord.sessions(p_database text, p_marker text, p_system text, p_live bigint)
returns table (pid integer, who text, application text, since timestamptz, state text, waits_for integer[], changes_schema boolean, query text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live);
    return query
        with seen as materialized (
            select a.pid, a.usename::text as who, a.application_name as application, a.backend_start as since,
                   concat_ws(', ', a.state, case when a.wait_event_type = 'Lock' then 'waits for a lock' end,
                             'in a transaction since ' || to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"')) as state,
                   pg_blocking_pids(a.pid) as waits_for,
                   exists (select 1 from pg_locks l
                            where l.pid = a.pid and l.database = p_live::oid and l.locktype = 'relation' and l.relation >= 16384
                              and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) as changes_schema,
                   left(a.query, 100) as query, a.xact_start < clock_timestamp() - interval '10 seconds' as is_long
              from pg_stat_activity a
             where a.datid = p_live::oid and a.backend_type = 'client backend'
               and a.usename <> all (array['ripcord_snapshot', 'ripcord_rollback', 'ripcord_verifier', 'ripcord_restore', 'ripcord_change']))
        select s.pid, s.who, s.application, s.since, s.state, s.waits_for, s.changes_schema, s.query from seen s
         where s.changes_schema or s.is_long or cardinality(s.waits_for) > 0 or exists (select 1 from seen o where s.pid = any (o.waits_for))
         order by s.changes_schema desc, s.since;
end $$;

-- Signed off by a person: ends one of those sessions, the very one that was looked at. Says whether it is gone.
create or replace function ripcord.end_session(p_database text, p_marker text, p_system text, p_live bigint, p_pid integer, p_since timestamptz, p_by text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    looked_at record;
    gone boolean;
begin
    select * into looked_at from ripcord.sessions(p_database, p_marker, p_system, p_live) s where s.pid = p_pid and s.since = p_since;
    if not found then
        raise exception 'session % of % is not in % any more, is one of the services'', or is in nobody''s way', p_pid, p_since, enrolled.database_name using errcode = 'RC001';
    end if;
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, 'session ' || p_pid || ' since ' || p_since, 'session ended', 0, jsonb_build_object('pid', p_pid, 'who', looked_at.who, 'by', p_by));
    gone := pg_terminate_backend(p_pid, 5000);
    return case when gone then 'ended' else 'told to end' end;
end $$;

-- Opens a sealed copy for the rollback role alone. Raises where anybody could have been in since it was sealed.
create or replace function ripcord.open_privately(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_oid bigint, p_seal text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    name text := ripcord.ours(enrolled, p_oid);
    row_version text;
    is_open boolean;
    grantee text;
begin
    perform ripcord.require_newest(p_database, p_command, p_fence);
    if name = enrolled.database_name then
        raise exception 'database % is the live one', name using errcode = 'RC001';
    end if;
    select xmin::text, datallowconn into row_version, is_open from pg_database where oid = p_oid::oid;
    -- interrupted, the same command finds the row as it left it itself
    if (row_version is distinct from p_seal or is_open) and not exists (
        select 1 from ripcord.act where database_id = p_database and command = p_command and step in ('opened privately', 'sealed')
           and detail ->> 'oid' = p_oid::text and detail ->> 'version' = row_version) then
        raise exception 'seal of % is broken: expected row version %, found % (open: %); its content must be proven again', name, p_seal, row_version, is_open using errcode = 'RC005';
    end if;
    for grantee in select distinct coalesce(quote_ident(r.rolname), 'public')
                     from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a left join pg_roles r on r.oid = a.grantee
                    where d.oid = p_oid::oid and a.grantee is distinct from d.datdba loop
        execute format('revoke all on database %I from %s cascade', name, grantee);
    end loop;
    execute format('grant connect on database %I to ripcord_rollback', name);
    execute format('alter database %I with allow_connections true', name);
    insert into ripcord.act (database_id, command, step, fence, detail)
        select p_database, p_command, 'opened privately', p_fence, jsonb_build_object('oid', p_oid, 'version', xmin::text, 'since', p_seal) from pg_database where oid = p_oid::oid;
    return name;
end $$;

-- Closes a copy to everybody, ends who is in it, and returns its new seal (read it in a later statement: seal_of).
create or replace function ripcord.seal(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_oid bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    name text := ripcord.ours(enrolled, p_oid);
begin
    perform ripcord.require_newest(p_database, p_command, p_fence);
    if name = enrolled.database_name then
        raise exception 'database % is the live one', name using errcode = 'RC001';
    end if;
    execute format('alter database %I with allow_connections false', name);
    perform pg_terminate_backend(pid) from pg_stat_activity where datid = p_oid::oid;
    insert into ripcord.act (database_id, command, step, fence, detail)
        select p_database, p_command, 'sealed', p_fence, jsonb_build_object('oid', p_oid, 'version', xmin::text) from pg_database where oid = p_oid::oid;
end $$;

-- Closes a copy that was opened for a swap which is given up. Nothing but its sequences was set, forwards, so it counts as it was
-- for the next attempt: what was kept by a swap is there once only. Where somebody else is in it, its seal is a new one.
create or replace function ripcord.seal_unswapped(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_oid bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    since text;
    alone boolean := not exists (select 1 from pg_stat_activity a where a.datid = p_oid::oid and a.backend_type = 'client backend' and a.usename is distinct from session_user);
begin
    select detail ->> 'since' into since from ripcord.act
     where database_id = p_database and command = p_command and step = 'opened privately' and detail ->> 'oid' = p_oid::text order by position limit 1;
    perform ripcord.seal(p_database, p_marker, p_system, p_command, p_fence, p_oid);
    if alone and since is not null then
        insert into ripcord.act (database_id, command, step, fence, detail)
            select p_database, p_command, 'sealed unchanged', p_fence, jsonb_build_object('oid', p_oid, 'since', since, 'version', xmin::text)
              from pg_database where oid = p_oid::oid;
    end if;
end $$;

-- Opens a sealed copy for the role that changes databases where they stand, to rehearse a change there: with the live
-- database's owner, settings and that role's rights, so that what may be done here may be done there. The copy is not
-- trusted any more afterwards. Raises where anybody could have been in since it was sealed.
create or replace function ripcord.open_for_rehearsal(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint, p_oid bigint, p_seal text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    name text := ripcord.ours(enrolled, p_oid);
    was pg_database;
    row_version text;
    opened_before boolean;
    entry record;
begin
    perform ripcord.require_newest(p_database, p_command, p_fence);
    perform ripcord.require_live(enrolled, p_live);
    if name = enrolled.database_name or p_oid = p_live then
        raise exception 'database % is the live one: nothing is rehearsed there', name using errcode = 'RC001';
    end if;
    select xmin::text into row_version from pg_database where oid = p_oid::oid;
    select * into was from pg_database where oid = p_oid::oid;
    opened_before := exists (select 1 from ripcord.act where database_id = p_database and command = p_command
                                and step = 'opened for rehearsal' and detail ->> 'oid' = p_oid::text);
    if (row_version is distinct from p_seal or was.datallowconn) and not opened_before then
        raise exception 'seal of % is broken: expected row version %, found % (open: %); its content must be proven again', name, p_seal, row_version, was.datallowconn using errcode = 'RC005';
    end if;
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, p_command, 'opened for rehearsal', p_fence, jsonb_build_object('oid', p_oid, 'owner', pg_get_userbyid(was.datdba)));
    execute format('alter database %I owner to %I', name, (select pg_get_userbyid(datdba) from pg_database where oid = p_live::oid));
    for entry in select distinct coalesce(quote_ident(r.rolname), 'public') as grantee
                   from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a left join pg_roles r on r.oid = a.grantee
                  where d.oid = p_oid::oid and a.grantee is distinct from d.datdba loop
        execute format('revoke all on database %I from %s cascade', name, entry.grantee);
    end loop;
    execute format('grant connect on database %I to ripcord_change', name);
    for entry in select privilege from unnest(array['create', 'temporary']) privilege where has_database_privilege('ripcord_change', p_live::oid, privilege) loop
        execute format('grant %s on database %I to ripcord_change', entry.privilege, name);
    end loop;
    delete from pg_db_role_setting where setdatabase = p_oid::oid;
    insert into pg_db_role_setting (setdatabase, setrole, setconfig)
        select p_oid::oid, setrole, setconfig from pg_db_role_setting where setdatabase = p_live::oid;
    execute format('alter database %I with allow_connections true', name);
    return name;
end $$;

-- Closes a copy in which something was rehearsed, ends who is in it, and gives it back to whom it belonged.
create or replace function ripcord.end_rehearsal(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_oid bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    name text := ripcord.ours(enrolled, p_oid);
    belonged_to text;
begin
    perform ripcord.require_newest(p_database, p_command, p_fence);
    select detail ->> 'owner' into belonged_to from ripcord.act
     where database_id = p_database and command = p_command and step = 'opened for rehearsal' and detail ->> 'oid' = p_oid::text
     order by position limit 1;
    if name = enrolled.database_name or belonged_to is null then
        raise exception 'nothing was rehearsed in % by %', name, p_command using errcode = 'RC001';
    end if;
    execute format('alter database %I with allow_connections false', name);
    perform pg_terminate_backend(pid) from pg_stat_activity where datid = p_oid::oid;
    execute format('alter database %I owner to %I', name, belonged_to);
    insert into ripcord.act (database_id, command, step, fence, detail) values (p_database, p_command, 'rehearsed', p_fence, jsonb_build_object('oid', p_oid));
end $$;

-- Ends a rehearsal in the database of this name that was interrupted, where nobody is in it any more: it is given back to
-- whom it belonged, who may remove it.
create or replace function ripcord.end_interrupted_rehearsal(p_database text, p_marker text, p_system text, p_name text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    left_open bigint := (select oid::bigint from pg_database where datname = p_name);
    last_act ripcord.act;
begin
    select * into last_act from ripcord.act
     where database_id = p_database and step in ('opened for rehearsal', 'rehearsed') and detail ->> 'oid' = left_open::text
     order by position desc limit 1;
    if last_act.step = 'opened for rehearsal'
       and not exists (select 1 from pg_stat_activity where datid = left_open::oid and backend_type = 'client backend') then
        perform ripcord.end_rehearsal(p_database, p_marker, p_system, last_act.command,
                                      (select max(fence) from ripcord.act where database_id = p_database and command = last_act.command), left_open);
    end if;
end $$;

create or replace function ripcord.seal_of(p_oid bigint)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select xmin::text from pg_database where oid = p_oid::oid and not datallowconn
$$;

-- The seal that a copy has now, if nobody was in it since it had that one but the rollback role, which only read.
create or replace function ripcord.seal_since(p_database text, p_oid bigint, p_seal text)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with recursive line(seal) as (
        select p_seal
        union
        select a.detail ->> 'version' from line join ripcord.act a on a.detail ->> 'since' = line.seal
         where a.database_id = p_database and a.step = 'sealed unchanged' and a.detail ->> 'oid' = p_oid::text
    )
    select d.xmin::text from pg_database d join line on line.seal = d.xmin::text where d.oid = p_oid::oid and not d.datallowconn
$$;

-- Opens a sealed copy to be read by the rollback role, and by nobody else but superusers: its owner could write in it.
create or replace function ripcord.open_to_read(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_oid bigint, p_seal text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    since text := ripcord.seal_since(p_database, p_oid, p_seal);
    name text := ripcord.open_privately(p_database, p_marker, p_system, p_command, p_fence, p_oid, coalesce(since, p_seal));
    owner text := (select pg_get_userbyid(datdba) from pg_database where oid = p_oid::oid);
    before jsonb;
begin
    if since is null then -- interrupted before it was sealed again
        select detail into before from ripcord.act where database_id = p_database and command = p_command and step = 'opened to read' and detail ->> 'oid' = p_oid::text
         order by position desc limit 1;
        since := before ->> 'since';
        owner := coalesce(before ->> 'owner', owner);
    end if;
    execute format('alter database %I owner to ripcord_snapshot', name);
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, p_command, 'opened to read', p_fence, jsonb_build_object('oid', p_oid, 'since', since, 'owner', owner));
    return name;
end $$;

-- Closes a copy that was opened to read. Where somebody else is in it, it counts as changed: its seal is a new one then.
create or replace function ripcord.seal_unchanged(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_oid bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set client_min_messages = error as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    name text := ripcord.ours(enrolled, p_oid);
    opened jsonb;
    alone boolean := not exists (select 1 from pg_stat_activity a where a.datid = p_oid::oid and a.backend_type = 'client backend' and a.usename is distinct from session_user);
begin
    perform ripcord.require_newest(p_database, p_command, p_fence);
    select detail into opened from ripcord.act where database_id = p_database and command = p_command and step = 'opened to read' and detail ->> 'oid' = p_oid::text
     order by position desc limit 1;
    perform ripcord.seal(p_database, p_marker, p_system, p_command, p_fence, p_oid);
    if opened ->> 'owner' <> 'ripcord_snapshot' then
        execute format('alter database %I owner to %I', name, opened ->> 'owner');
    end if;
    if alone and opened ->> 'since' is not null then
        insert into ripcord.act (database_id, command, step, fence, detail)
            select p_database, p_command, 'sealed unchanged', p_fence, jsonb_build_object('oid', p_oid, 'since', opened ->> 'since', 'version', xmin::text)
              from pg_database where oid = p_oid::oid;
    end if;
end $$;

-- Closes a copy that was opened to be read where whoever read it was interrupted: it is as that left it, and nobody is in it.
create or replace function ripcord.end_interrupted_reading(p_database text, p_marker text, p_system text, p_oid bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    last_act ripcord.act;
begin
    select * into last_act from ripcord.act where database_id = p_database and detail ->> 'oid' = p_oid::text order by position desc limit 1;
    if last_act.step = 'opened to read'
       and exists (select 1 from pg_database d join ripcord.act a on a.xmin = d.xmin where d.oid = p_oid::oid and a.position = last_act.position)
       and not exists (select 1 from pg_stat_activity where datid = p_oid::oid and backend_type = 'client backend') then
        perform ripcord.seal_unchanged(p_database, p_marker, p_system, last_act.command,
                                       (select max(fence) from ripcord.act where database_id = p_database and command = last_act.command), p_oid);
    end if;
end $$;

-- A transaction id such that whatever was written after a command took its copy has this one or a later one: all that has an
-- earlier one is in the copy. Null where the command closed nothing for its copy, or where another database was swapped in
-- since, whose rows may be as old and yet others.
create or replace function ripcord.horizon(p_database text, p_command text)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.xmin::text from ripcord.act a where a.database_id = p_database and a.command = p_command and a.step = 'closed' and age(a.xmin) < 1000000000
       and not exists (select 1 from ripcord.act s where s.database_id = p_database and s.step = 'swapped' and s.position > a.position)
     order by a.position limit 1
$$;

-- Who is in whose role, as far as the database with this object id knows the roles: they own something there or have rights.
create or replace function ripcord.memberships(p_oid bigint)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(string_agg(distinct format('%I in %I', m.rolname, g.rolname), ', ' order by format('%I in %I', m.rolname, g.rolname)), '')
      from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid
     where exists (select 1 from pg_shdepend d where d.dbid = p_oid::oid and d.refclassid = 'pg_authid'::regclass and d.refobjid in (m.oid, g.oid))
       and m.rolname !~ '^ripcord_'
$$;

-- Whether that session is there now, after waiting for its end.
create or replace function ripcord.still_there(p_pid integer, p_since timestamptz)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_stat_clear_snapshot(); -- it may have ended by itself meanwhile
    return exists (select 1 from pg_stat_activity where pid = p_pid and backend_start = p_since);
end $$;

-- Makes the calling session the only one that may make, open or remove the database of this name. Whoever had it before is
-- ended first: CREATE and DROP DATABASE cannot be fenced in a transaction of their own, their session can. An owner that
-- was paused beyond its lease finds that session gone, and is refused in any other by its older number.
create or replace function ripcord.claim(p_database text, p_marker text, p_system text, p_name text, p_fence bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    holder ripcord.making;
    me timestamptz;
begin
    if not ripcord.is_made_name(enrolled, p_name) or p_name ~ '__failed_[a-z0-9]{1,16}$' then
        raise exception 'not a name that is made for %: %', enrolled.database_name, p_name using errcode = 'RC001';
    end if;
    perform pg_stat_clear_snapshot();
    select backend_start into me from pg_stat_activity where pid = pg_backend_pid();
    insert into ripcord.making (name, database_id, fence, pid, session) values (p_name, p_database, p_fence, pg_backend_pid(), me)
        on conflict (name) do nothing;
    select * into holder from ripcord.making where name = p_name for update;
    if holder.database_id <> p_database then
        raise exception 'database % is made for %', p_name, holder.database_id using errcode = 'RC001';
    end if;
    if holder.fence > p_fence then
        raise exception 'stale fencing number % for %: % is the newest; where the state of the snapshot service was set back, delete the row from ripcord.making',
            p_fence, p_name, holder.fence using errcode = 'RC003';
    end if;
    if (holder.pid, holder.session) is distinct from (pg_backend_pid(), me)
       and exists (select 1 from pg_stat_activity where pid = holder.pid and backend_start = holder.session)
       and not pg_terminate_backend(holder.pid, 5000) and ripcord.still_there(holder.pid, holder.session) then
        raise exception 'the session that made % before does not end (pid %)', p_name, holder.pid using errcode = 'RC003';
    end if;
    update ripcord.making set fence = p_fence, pid = pg_backend_pid(), session = me, claimed_at = clock_timestamp() where name = p_name;
    perform ripcord.end_interrupted_rehearsal(p_database, p_marker, p_system, p_name);
end $$;

-- Whether a role is one of those that enrol makes. What they may do in a database is no property of it: enrolled again
-- after a snapshot, they must not lose it by going back.
create or replace function ripcord.is_own_role(p_role oid)
returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
    select coalesce(pg_get_userbyid(nullif(p_role, 0)) like 'ripcord\_%', false)
$$;

-- A part of a list as it stands in it: without what keeps the parts apart, and never the word for everybody, so that nobody
-- who may choose one part (a setting's value, a role's name) makes two of it for whoever reads the list.
create or replace function ripcord.part(p_text text, p_apart text)
returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
    select case p_text when 'all' then '\x61ll' when 'public' then '\x70ublic' else (
        select coalesce(string_agg(case when strpos('\' || p_apart, c) > 0 then '\x' || to_hex(ascii(c)) else c end, '' order by n), '')
          from regexp_split_to_table(p_text, '') with ordinality as t(c, n)) end
$$;

-- The text of a part.
create or replace function ripcord.whole(p_part text)
returns text
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
    select coalesce(string_agg(case when m[2] is not null then chr(get_byte(decode(m[2], 'hex'), 0)) else m[1] end, '' order by n), '')
      from regexp_matches(p_part, '(\\x([0-9a-f]{2})|.)', 'g') with ordinality as t(m, n)
$$;

-- Properties of the database itself, which a copy does not carry. Compared by checks.
create or replace function ripcord.properties(p_oid bigint)
returns table (property text, value text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select p.property, p.value
      from pg_database d left join pg_shdescription c on c.objoid = d.oid and c.classoid = 'pg_database'::regclass,
           lateral (values
               ('owner', pg_get_userbyid(d.datdba)::text),
               ('connection limit', d.datconnlimit::text),
               ('comment', coalesce(c.description, '')),
               ('encoding', pg_encoding_to_char(d.encoding)::text),
               ('collation', d.datcollate),
               ('character type', d.datctype),
               ('locale', concat_ws(' ', to_jsonb(d) ->> 'datlocprovider', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'))),
               ('tablespace', (select spcname::text from pg_tablespace where oid = d.dattablespace)),
               ('grants', coalesce((select string_agg(g.line, ', ' order by g.line)
                             from (select format('%s=%s%s', coalesce(ripcord.part(pg_get_userbyid(nullif(a.grantee, 0))::text, ',='), 'public'), a.privilege_type,
                                                 case when bool_or(a.is_grantable) then '*' else '' end) as line
                                     from aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
                                    where not ripcord.is_own_role(a.grantee) group by a.grantee, a.privilege_type) g), '')),
               ('settings', coalesce((select string_agg(format('%s: %s', coalesce(ripcord.part(pg_get_userbyid(nullif(s.setrole, 0))::text, ':|'), 'all'),
                                                           (select string_agg(ripcord.part(c.line, ';|'), '; ' order by c.place) from unnest(s.setconfig) with ordinality as c(line, place))), ' | '
                                             order by s.setrole)
                               from pg_db_role_setting s where s.setdatabase = d.oid and not ripcord.is_own_role(s.setrole)), ''))
           ) as p(property, value)
     where d.oid = p_oid::oid
$$;

-- The same, each grant and each setting by itself: what can be given to another database. The holder of a grant to
-- everybody, and of a setting for everybody, is the empty text, which is no name of a role.
create or replace function ripcord.traits(p_oid bigint)
returns table (kind text, holder text, item text, value text, place bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select p.property, '', '', p.value, 0::bigint from ripcord.properties(p_oid) p where p.property not in ('grants', 'settings')
    union all
    select 'grant', coalesce(pg_get_userbyid(nullif(a.grantee, 0))::text, ''), a.privilege_type, case when bool_or(a.is_grantable) then 'with grant option' else '' end, 0
      from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
     where d.oid = p_oid::oid and not ripcord.is_own_role(a.grantee) group by a.grantee, a.privilege_type
    union all
    select 'setting', coalesce(pg_get_userbyid(nullif(s.setrole, 0))::text, ''), split_part(c.line, '=', 1), substr(c.line, strpos(c.line, '=') + 1), c.place
      from pg_db_role_setting s, unnest(s.setconfig) with ordinality c(line, place)
     where s.setdatabase = p_oid::oid and not ripcord.is_own_role(s.setrole)
$$;

-- Writes down what a snapshot does not hold because it belongs to the database itself, for the swap that brings the
-- snapshot back: the roles of the services can name such a note, not make one up. Returns the properties that it notes.
create or replace function ripcord.note_properties(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint)
returns table (property text, value text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live);
    perform ripcord.require_newest(p_database, p_command, p_fence);
    insert into ripcord.act (database_id, command, step, fence, detail)
        select p_database, p_command, 'properties noted', p_fence, jsonb_agg(to_jsonb(t)) from ripcord.traits(p_live) t;
    return query select p.property, p.value from ripcord.properties(p_live) p;
end $$;

-- What note_properties returned when this command noted last; nothing where it has noted nothing.
create or replace function ripcord.noted_properties(p_database text, p_command text)
returns table (property text, value text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with noted as (
        select t.*
          from (select detail from ripcord.act where database_id = p_database and command = p_command and step = 'properties noted' order by position desc limit 1) a,
               jsonb_to_recordset(a.detail) t(kind text, holder text, item text, value text, place bigint)
    ), settings as (
        select n.holder, coalesce(r.oid, 0::oid) as role, string_agg(ripcord.part(n.item || '=' || n.value, ';|'), '; ' order by n.place) as lines
          from noted n left join pg_roles r on r.rolname = n.holder where n.kind = 'setting' group by n.holder, r.oid
    )
    select kind, noted.value from noted where kind not in ('grant', 'setting')
    union all
    select 'grants', coalesce(string_agg(g.line, ', ' order by g.line collate "C"), '')
      from (select format('%s=%s%s', coalesce(ripcord.part(nullif(holder, ''), ',='), 'public'), item, case noted.value when '' then '' else '*' end) as line
              from noted where kind = 'grant') g
    having exists (select 1 from noted)
    union all
    select 'settings', coalesce(string_agg(format('%s: %s', coalesce(ripcord.part(nullif(s.holder, ''), ':|'), 'all'), s.lines), ' | ' order by s.role, s.holder), '')
      from settings s
    having exists (select 1 from noted)
$$;

-- Gives the copy what belongs to it: owner, grants, settings, connection limit, comment. Raises unless it has them then.
-- Returns in what it differs from the live database, one line each, without the values of settings. A connection limit of 0,
-- by which somebody kept the application out while it was noted, does not come back where the live database has another.
create or replace function ripcord.carry_over(p_wanted jsonb, p_live bigint, p_copy bigint)
returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    target text;
    owner text;
    entry record;
    differing text;
    gone text[];
    owner_gone boolean;
    kept_limit text;
begin
    select d.datconnlimit::text into kept_limit
      from pg_database d, jsonb_to_recordset(p_wanted) w(kind text, value text)
     where d.oid = p_live::oid and d.datconnlimit <> 0 and w.kind = 'connection limit' and w.value = '0';
    if kept_limit is not null then
        p_wanted := (select jsonb_agg(case when w ->> 'kind' = 'connection limit' then jsonb_set(w, '{value}', to_jsonb(kept_limit)) else w end)
                       from jsonb_array_elements(p_wanted) w);
    end if;
    select datname into target from pg_database where oid = p_copy::oid;
    select coalesce(array_agg(distinct n.name), '{}') into gone
      from jsonb_to_recordset(p_wanted) w(kind text, holder text, value text), lateral (values (case when kind = 'owner' then value else holder end)) n(name)
     where n.name <> '' and kind in ('owner', 'grant', 'setting') and not exists (select 1 from pg_roles where rolname = n.name);
    select w.value into owner from jsonb_to_recordset(p_wanted) w(kind text, value text) where w.kind = 'owner';
    owner_gone := owner is null or owner = any (gone);
    if owner_gone then
        select pg_get_userbyid(datdba) into owner from pg_database where oid = p_live::oid;
    end if;
    for entry in select distinct coalesce(quote_ident(r.rolname), 'public') as grantee
                   from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a left join pg_roles r on r.oid = a.grantee
                  where d.oid = p_copy::oid loop
        execute format('revoke all on database %I from %s cascade', target, entry.grantee);
    end loop;
    execute format('alter database %I owner to %I', target, owner);
    execute format('revoke all on database %I from public, %I cascade', target, owner);
    for entry in select coalesce(quote_ident(nullif(w.holder, '')), 'public') as grantee, w.item, w.value
                   from jsonb_to_recordset(p_wanted) w(kind text, holder text, item text, value text)
                  where w.kind = 'grant' and w.holder <> all (gone)
                 union all
                 select quote_ident(pg_get_userbyid(a.grantee)), a.privilege_type, case when bool_or(a.is_grantable) then 'with grant option' else '' end
                   from pg_database d, aclexplode(d.datacl) a where d.oid = p_live::oid and ripcord.is_own_role(a.grantee) group by a.grantee, a.privilege_type loop
        execute format('grant %s on database %I to %s %s', entry.item, target, entry.grantee, entry.value);
    end loop;
    for entry in select w.kind, w.value from jsonb_to_recordset(p_wanted) w(kind text, value text) loop
        if entry.kind = 'connection limit' then
            execute format('alter database %I connection limit %s', target, entry.value::integer);
        elsif entry.kind = 'comment' then
            execute format('comment on database %I is %L', target, nullif(entry.value, ''));
        end if;
    end loop;
    delete from pg_db_role_setting where setdatabase = p_copy::oid;
    insert into pg_db_role_setting (setdatabase, setrole, setconfig)
        select p_copy::oid, coalesce(r.oid, 0::oid), array_agg(w.item || '=' || w.value order by w.place)
          from jsonb_to_recordset(p_wanted) w(kind text, holder text, item text, value text, place bigint) left join pg_roles r on r.rolname = w.holder
         where w.kind = 'setting' and w.holder <> all (gone) group by r.oid
        union all
        select p_copy::oid, setrole, setconfig from pg_db_role_setting where setdatabase = p_live::oid and ripcord.is_own_role(setrole);
    select string_agg(format('%s: expected %s, found %s', concat_ws(' ', kind, nullif(holder, ''), nullif(item, '')), coalesce(w.value, 'none'), coalesce(t.value, 'none')), '; ')
      into differing
      from (select * from jsonb_to_recordset(p_wanted) j(kind text, holder text, item text, value text) where case kind when 'owner' then value else holder end <> all (gone)) w
      full join (select t.* from ripcord.traits(p_copy) t where t.kind <> 'owner' or not owner_gone) t
      using (kind, holder, item)
     where w.value is distinct from t.value;
    if differing is not null then
        raise exception 'the copy cannot become what it was: %', differing using errcode = 'RC006';
    end if;
    return array(
        select case
                   when kind = 'grant' and c.value is null then format('%s is not granted to %s', item, coalesce(nullif(holder, ''), 'public'))
                   when kind = 'grant' then format('%s is granted to %s%s', item, coalesce(nullif(holder, ''), 'public'), case when c.value = '' then '' else ' ' || c.value end)
                   when kind = 'setting' then format('setting %s%s %s', item, coalesce(' of ' || nullif(holder, ''), ''),
                                                     case when c.value is null then 'is gone' when l.value is null then 'is back' else 'has its former value' end)
                   when kind = 'comment' then 'comment is the former one'
                   else format('%s is %s, was %s', kind, coalesce(nullif(c.value, ''), 'empty'), coalesce(nullif(l.value, ''), 'empty')) end
          from ripcord.traits(p_live) l full join ripcord.traits(p_copy) c using (kind, holder, item) where l.value is distinct from c.value
         order by kind, holder, item)
        || array(select format('role %s is gone, what it had was left out', g) from unnest(gone) g)
        || array(select format('connection limit is still %s, was 0 before, which lets no application in', kept_limit) where kept_limit is not null);
end $$;

-- All properties of a database as one value.
create or replace function ripcord.traits_of(p_oid bigint)
returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(t)) from ripcord.traits(p_oid) t);
end $$;

-- What was noted for a copy; null where nothing was.
create or replace function ripcord.noted(p_database text, p_noted_by text, p_copy bigint)
returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
    return (select a.detail from ripcord.act a
             where a.database_id = p_database and a.command = p_noted_by
               and a.step = case when exists (select 1 from ripcord.act u where u.database_id = p_database and u.command = p_noted_by and u.step = 'swapped'
                                                 and (u.detail ->> 'kept')::bigint = p_copy) then 'properties kept' else 'properties noted' end
             order by a.position desc limit 1);
end $$;

-- Tries out whether the copy can get the properties that a swap will give it, and takes that back at once: what cannot be
-- is found while the live database still serves, and what can be takes less time when it counts.
create or replace function ripcord.rehearse_carry_over(p_database text, p_marker text, p_system text, p_live bigint, p_copy bigint, p_noted_by text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live), ripcord.ours(enrolled, p_copy);
    if exists (select 1 from pg_database c, pg_database l
                where c.oid = p_copy::oid and c.datcollversion <> pg_database_collation_actual_version(c.oid)
                  and l.oid = p_live::oid and l.datcollversion is distinct from c.datcollversion) then
        raise exception 'the copy was made with another version of its collation than the live database has, its indexes may be in another order'
            using errcode = 'RC006', hint = 'an archive can be restored again; what is kept can be reindexed by hand';
    end if;
    begin
        perform ripcord.carry_over(coalesce(ripcord.noted(p_database, p_noted_by, p_copy), ripcord.traits_of(p_live)), p_live, p_copy);
        raise exception using errcode = 'RC000';
    exception when sqlstate 'RC000' then
        null;
    end;
end $$;

-- The swap of the two names: carries over, renames, opens, all or nothing. Done twice by one command, it is done once.
-- What belongs to the database itself is as it was noted for the snapshot (for an undo: by the swap that is undone),
-- whatever was done to it since; where nothing was noted, as it is now.
drop function if exists ripcord.swap(text, text, text, text, bigint, bigint, bigint, text, integer);
drop function if exists ripcord.carry_over(bigint, bigint);
create or replace function ripcord.swap(p_database text, p_marker text, p_system text, p_command text, p_fence bigint,
                                        p_live bigint, p_copy bigint, p_kept_name text, p_limit_millis integer, p_noted_by text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    copy_name text := ripcord.ours(enrolled, p_copy);
    deadline timestamptz := clock_timestamp() + make_interval(secs => p_limit_millis / 1000.0);
    kept jsonb;
    named text[];
begin
    if exists (select 1 from ripcord.act where database_id = p_database and command = p_command and step = 'swapped') then
        return;
    end if;
    perform ripcord.require_hold(p_database, p_command, p_fence);
    perform ripcord.require_live(enrolled, p_live);
    if p_live = p_copy or not coalesce(ripcord.is_made_name(enrolled, p_kept_name) and p_kept_name ~ '__failed_[a-z0-9]{1,16}$', false) then
        raise exception 'not a name under which % can be kept: %', enrolled.database_name, p_kept_name using errcode = 'RC001';
    end if;
    if exists (select 1 from pg_database where oid = p_live::oid and datallowconn) then
        if not exists (select 1 from pg_locks where pid = pg_backend_pid() and relation = 'pg_database'::regclass and mode = 'AccessExclusiveLock') then
            raise exception 'database % is not closed', enrolled.database_name using errcode = 'RC002';
        end if;
        execute format('alter database %I with allow_connections false', enrolled.database_name);
    end if;
    execute format('alter database %I with allow_connections false', copy_name);
    loop
        perform pg_stat_clear_snapshot();
        exit when not exists (select 1 from pg_stat_activity where datid in (p_live::oid, p_copy::oid));
        if clock_timestamp() > deadline then
            raise exception 'there are still sessions in % or %', enrolled.database_name, copy_name using errcode = 'RC007';
        end if;
        perform pg_terminate_backend(pid) from pg_stat_activity where datid in (p_live::oid, p_copy::oid);
        perform pg_sleep(0.001);
    end loop;
    kept := ripcord.traits_of(p_live);
    insert into ripcord.act (database_id, command, step, fence, detail) values (p_database, p_command, 'properties kept', p_fence, kept);
    named := ripcord.carry_over(coalesce(ripcord.noted(p_database, p_noted_by, p_copy), kept), p_live, p_copy);
    execute format('alter database %I rename to %I', enrolled.database_name, p_kept_name);
    execute format('alter database %I rename to %I', copy_name, enrolled.database_name);
    execute format('alter database %I with allow_connections true is_template false', enrolled.database_name);
    update ripcord.enrolment set live_oid = p_copy where database_id = p_database;
    delete from ripcord.hold where database_id = p_database;
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, p_command, 'swapped', p_fence, jsonb_build_object('live', p_copy, 'kept', p_live, 'kept_name', p_kept_name, 'properties', to_jsonb(named)));
end $$;

-- On a second server: gives a closed and proven copy the database's own name and lets everybody in, with the owner, grants,
-- settings, connection limit and comment that the database had; never over a database that is there. Returns what it could
-- not give, one line each. Done twice by one command, it is done once.
create or replace function ripcord.install(p_database text, p_marker text, p_system text, p_command text, p_fence bigint,
                                           p_copy bigint, p_seal text, p_properties jsonb)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
    copy_name text;
    line text;
    who text;
    what text;
    before jsonb;
begin
    perform 1 from ripcord.enrolment where database_id = p_database for update;
    perform ripcord.require_newest(p_database, p_command, p_fence);
    select detail -> 'differing' into before from ripcord.act where database_id = p_database and command = p_command and step = 'installed';
    if found then
        return before #>> '{}';
    end if;
    if exists (select 1 from pg_database where datname = enrolled.database_name) then
        raise exception 'there is a database % on this server already: it is not replaced', enrolled.database_name using errcode = 'RC001';
    end if;
    copy_name := ripcord.ours(enrolled, p_copy);
    if (select xmin::text from pg_database where oid = p_copy::oid and not datallowconn) is distinct from p_seal then
        raise exception 'seal of % is broken: its content must be proven again', copy_name using errcode = 'RC005';
    end if;
    who := p_properties ->> 'owner';
    if exists (select 1 from pg_roles where rolname = who and not rolsuper) and pg_has_role('ripcord_restore', who, 'member') then
        execute format('alter database %I owner to %I', copy_name, who);
        execute format('revoke all on database %I from public, %I cascade', copy_name, who);
    else
        execute format('revoke all on database %I from public cascade', copy_name);
    end if;
    for line in select regexp_split_to_table(p_properties ->> 'grants', ', ') loop
        who := nullif(split_part(line, '=', 1), 'public');
        what := substring(line from '=([A-Z]+)\*?$');
        if what in ('CONNECT', 'CREATE', 'TEMPORARY') and (who is null or exists (select 1 from pg_roles where rolname = ripcord.whole(who))) then
            execute format('grant %s on database %I to %s%s', what, copy_name, coalesce(quote_ident(ripcord.whole(who)), 'public'),
                           case when line like '%*' then ' with grant option' else '' end);
        end if;
    end loop;
    -- as enrolment does it: what the properties say is without the services' own roles
    execute format('grant connect on database %I to ripcord_snapshot, ripcord_rollback, ripcord_verifier', copy_name);
    execute format('alter database %I connection limit %s', copy_name, (p_properties ->> 'connection limit')::integer);
    execute format('comment on database %I is %L', copy_name, nullif(p_properties ->> 'comment', ''));
    for line in select regexp_split_to_table(nullif(p_properties ->> 'settings', ''), ' \| ') loop
        who := nullif(split_part(line, ': ', 1), 'all');
        if who is null or exists (select 1 from pg_roles where rolname = ripcord.whole(who) and not rolsuper) then
            -- what only a superuser may set, or nobody knows who may, is left to one, and told: this is the word of a role
            -- that is none
            insert into pg_db_role_setting (setdatabase, setrole, setconfig)
                select p_copy::oid, coalesce((select oid from pg_roles where rolname = ripcord.whole(who)), 0), array_agg(ripcord.whole(each) order by n)
                  from regexp_split_to_table(substr(line, strpos(line, ': ') + 2), '; ') with ordinality as t(each, n)
                 where exists (select 1 from pg_settings g where lower(g.name) = lower(split_part(ripcord.whole(each), '=', 1)) and g.context in ('user', 'backend'))
                having count(*) > 0;
        end if;
    end loop;
    select string_agg(format('%s: was %s, is %s', p.property, p_properties ->> p.property, p.value), E'\n' order by p.property) into what
      from ripcord.properties(p_copy) p where p.value is distinct from p_properties ->> p.property and p_properties ? p.property;
    execute format('alter database %I rename to %I', copy_name, enrolled.database_name);
    execute format('alter database %I with allow_connections true', enrolled.database_name);
    update ripcord.enrolment set live_oid = p_copy where database_id = p_database;
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, p_command, 'installed', p_fence, jsonb_build_object('live', p_copy, 'differing', what));
    return what;
end $$;

-- For a person, as superuser: lets everybody into a database again that a move to a second server has closed.
create or replace function ripcord.reopen(p_database text)
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment;
begin
    perform pg_advisory_xact_lock(hashtextextended('ripcord hold of ' || p_database, 0));
    select * into strict enrolled from ripcord.enrolment where database_id = p_database;
    perform ripcord.require_no_change(p_database, (select command from ripcord.hold where database_id = p_database));
    perform ripcord.require_live(enrolled, enrolled.live_oid);
    execute format('alter database %I with allow_connections true', enrolled.database_name);
    perform ripcord.release(enrolled, session_user);
end $$;

-- For a person, as superuser: the same where this command holds the database, and no other, for good: it can take no hold any more.
create or replace function ripcord.reopen(p_database text, p_command text)
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    holder ripcord.hold;
begin
    perform pg_advisory_xact_lock(hashtextextended('ripcord hold of ' || p_database, 0));
    select * into holder from ripcord.hold where database_id = p_database;
    if holder.command is distinct from p_command then
        raise exception '% does not hold % (any more), % does: nothing was done', p_command, p_database, coalesce(holder.command, 'nobody') using errcode = 'RC004';
    end if;
    perform ripcord.reopen(p_database);
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, p_command, 'reopened', holder.fence,
                jsonb_build_object('oid', (select live_oid from ripcord.enrolment where database_id = p_database), 'by', session_user, 'done', 'opened'));
end $$;

-- For enrolling, as superuser: releases a hold that nobody goes on with, and says what was done, or who holds the database
-- and what to do about that. On a server that has another address than it was enrolled with, and where no service is connected,
-- nobody goes on with anything.
create or replace function ripcord.clear_hold(p_database text)
returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment;
    holder ripcord.hold;
begin
    perform pg_advisory_xact_lock(hashtextextended('ripcord hold of ' || p_database, 0));
    select * into holder from ripcord.hold where database_id = p_database;
    if not found then
        return null;
    end if;
    select * into strict enrolled from ripcord.enrolment where database_id = p_database;
    if ripcord.is_left_behind(holder)
       or (enrolled.server_addr, enrolled.server_port) is distinct from (inet_server_addr(), inet_server_port())
          and not exists (select 1 from pg_stat_activity where usename in ('ripcord_snapshot', 'ripcord_rollback', 'ripcord_change')) then
        perform ripcord.release(enrolled, 'enrolling');
        return format('%s (%s) held %s closed since %s, and nobody went on with it: it is open', holder.command, holder.reason, enrolled.database_name, holder.held_since);
    end if;
    return format('%s (%s) holds %s closed since %s; %s', holder.command, holder.reason, enrolled.database_name, holder.held_since,
        case when (enrolled.server_addr, enrolled.server_port) is not distinct from (inet_server_addr(), inet_server_port()) then ripcord.way_out(holder)
             else 'this server had another address when it was enrolled: if it is another server now, stop the snapshot and the rollback service, enrol again, and start them' end);
end $$;

-- A transaction on the live database is about to change it in place: who, and under which transaction id, so that it can be
-- told later whether it was committed. Takes the hold, so that no copy is taken and nothing is swapped meanwhile.
create or replace function ripcord.begin_in_place(p_database text, p_marker text, p_system text, p_command text, p_fence bigint,
                                                  p_live bigint, p_pid integer, p_transaction text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live);
    if not exists (select 1 from pg_stat_activity where pid = p_pid and datid = p_live::oid) then
        raise exception 'the session that wants to change % is not in it: it is on another server or in another database', enrolled.database_name using errcode = 'RC001';
    end if;
    perform ripcord.take_hold(p_database, p_command, p_fence, 'rollback', p_live);
    if ripcord.changed_in_place(p_database, p_command) in ('committed', 'in progress') then
        raise exception '% has changed % already, or is at it', p_command, enrolled.database_name using errcode = 'RC003';
    end if;
    insert into ripcord.act (database_id, command, step, fence, detail)
        values (p_database, p_command, 'changing in place', p_fence, jsonb_build_object('oid', p_live, 'pid', p_pid, 'transaction', p_transaction));
end $$;

-- What became of the transactions in which a command changed the live database in place: committed, in progress, aborted;
-- null where there was none, or none that the server still knows of.
create or replace function ripcord.changed_in_place(p_database text, p_command text)
returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select pg_xact_status((detail ->> 'transaction')::xid8) as status from ripcord.act
     where database_id = p_database and command = p_command and step = 'changing in place'
     order by array_position(array['committed', 'in progress', 'aborted'], pg_xact_status((detail ->> 'transaction')::xid8)) nulls last limit 1
$$;

-- Ends the session in which an earlier owner of a command still changes the live database in place: nobody waits for it any
-- more, and what it has not committed is taken back.
create or replace function ripcord.end_in_place(p_database text, p_marker text, p_system text, p_command text, p_fence bigint, p_live bigint)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    enrolled ripcord.enrolment := ripcord.guard(p_database, p_marker, p_system);
begin
    perform ripcord.require_live(enrolled, p_live);
    perform ripcord.require_newest(p_database, p_command, p_fence);
    perform pg_terminate_backend(s.pid)
       from ripcord.act a join pg_stat_activity s on s.pid = (a.detail ->> 'pid')::integer
      where a.database_id = p_database and a.command = p_command and a.step = 'changing in place' and s.datid = p_live::oid
        and s.backend_xid::text::bigint = (a.detail ->> 'transaction')::bigint & x'ffffffff'::bigint;
end $$;

-- What a command has done on this server so far, for a service that was interrupted.
create or replace function ripcord.done(p_database text, p_command text)
returns table (step text, fence bigint, detail text, done_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select step, fence, detail::text, done_at from ripcord.act where database_id = p_database and command = p_command order by position
$$;

do $$
declare
    f regprocedure;
begin
    for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'ripcord'::regnamespace loop
        execute format('alter function %s owner to ripcord_owner', f);
        execute format('revoke all on function %s from public', f);
    end loop;
end $$;

grant usage on schema ripcord to ripcord_snapshot, ripcord_rollback, ripcord_verifier;
grant execute on function ripcord.identify(text) to ripcord_snapshot, ripcord_rollback, ripcord_verifier;
grant execute on function ripcord.properties(bigint) to ripcord_snapshot, ripcord_rollback, ripcord_verifier;
grant execute on function ripcord.blockers(text, text, text, bigint, integer) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.close(text, text, text, text, bigint, bigint, boolean) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.end_sessions(text, text, text, text, bigint, bigint, integer[], integer) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.open(text, text, text, text, bigint, bigint) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.reopen(text, text, text, text, bigint, text) to ripcord_rollback;
grant execute on function ripcord.sessions(text, text, text, bigint) to ripcord_rollback;
grant execute on function ripcord.end_session(text, text, text, bigint, integer, timestamptz, text) to ripcord_rollback;
grant execute on function ripcord.note_properties(text, text, text, text, bigint, bigint) to ripcord_snapshot;
grant execute on function ripcord.noted_properties(text, text) to ripcord_snapshot;
grant execute on function ripcord.let_wait(text, text, text, text, bigint, bigint, text) to ripcord_snapshot;
grant execute on function ripcord.end_waiting(text, text, text, text, bigint, bigint) to ripcord_snapshot;
grant execute on function ripcord.seal_of(bigint) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.install(text, text, text, text, bigint, bigint, text, jsonb) to ripcord_rollback;
grant execute on function ripcord.claim(text, text, text, text, bigint) to ripcord_snapshot;
grant execute on function ripcord.done(text, text) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.open_privately(text, text, text, text, bigint, bigint, text) to ripcord_rollback;
grant execute on function ripcord.obstacles(text, text, text, bigint) to ripcord_rollback;
grant execute on function ripcord.seal_since(text, bigint, text) to ripcord_rollback;
grant execute on function ripcord.open_to_read(text, text, text, text, bigint, bigint, text) to ripcord_rollback;
grant execute on function ripcord.seal_unswapped(text, text, text, text, bigint, bigint) to ripcord_rollback;
grant execute on function ripcord.seal_unchanged(text, text, text, text, bigint, bigint) to ripcord_rollback;
grant execute on function ripcord.end_interrupted_reading(text, text, text, bigint) to ripcord_rollback;
grant execute on function ripcord.horizon(text, text) to ripcord_rollback;
grant execute on function ripcord.memberships(bigint) to ripcord_snapshot, ripcord_rollback;
grant execute on function ripcord.seal(text, text, text, text, bigint, bigint) to ripcord_rollback;
grant execute on function ripcord.open_for_rehearsal(text, text, text, text, bigint, bigint, bigint, text) to ripcord_rollback;
grant execute on function ripcord.end_rehearsal(text, text, text, text, bigint, bigint) to ripcord_rollback;
grant execute on function ripcord.hold_off(text, text, text, text, bigint, bigint, integer[]) to ripcord_rollback;
grant execute on function ripcord.close_for_copy(text, text, text, text, bigint, bigint) to ripcord_snapshot;
grant execute on function ripcord.begin_in_place(text, text, text, text, bigint, bigint, integer, text) to ripcord_rollback;
grant execute on function ripcord.changed_in_place(text, text) to ripcord_rollback;
grant execute on function ripcord.end_in_place(text, text, text, text, bigint, bigint) to ripcord_rollback;
grant execute on function ripcord.rehearse_carry_over(text, text, text, bigint, bigint, text) to ripcord_rollback;
grant execute on function ripcord.swap(text, text, text, text, bigint, bigint, bigint, text, integer, text) to ripcord_rollback;
