--liquibase formatted sql

--changeset ripcord:audit
create table audit (
    position    bigint      primary key check (position > 0),
    recorded_at timestamptz not null,
    direction   text        not null check (direction in ('heard', 'said')),
    type        text        not null,
    event_id    text        not null,
    source      text        not null,
    database_id text        not null,
    rollback    text,
    actor       text,
    document    text        not null,
    previous    bytea       not null,
    hash        bytea       not null
);
comment on table audit is 'Every event about a rollback that was heard or said, append-only; each hash covers its record and the hash before.';
create index audit_of_rollback on audit (rollback, position);

--changeset ripcord:audit-chain splitStatements:false
-- A field with its length before it: no two records are written alike.
create function audit_field(content text) returns text language sql immutable as $$
    select coalesce(octet_length(convert_to(content, 'UTF8')) || ':' || content, '-') || ','
$$;

create function audit_hash(entry audit) returns bytea language sql stable set search_path from current as $$
    select sha256(entry.previous || convert_to(
               audit_field(entry.position::text)
            || audit_field(to_char(entry.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            || audit_field(entry.direction)
            || audit_field(entry.type)
            || audit_field(entry.event_id)
            || audit_field(entry.source)
            || audit_field(entry.database_id)
            || audit_field(entry.rollback)
            || audit_field(entry.actor)
            || audit_field(entry.document), 'UTF8'))
$$;

create function audit_append(entry audit, data jsonb) returns void language plpgsql set search_path from current as $$
declare
    head audit;
begin
    -- One at a time until its commit, so that positions have no gaps. Nothing is waited for after this lock: it is taken by
    -- deferred triggers only, when all other statements of the transaction are done.
    perform pg_advisory_xact_lock(hashtextextended(current_schema() || ' audit', 0));
    select * into head from audit order by position desc limit 1;
    entry.position := coalesce(head.position, 0) + 1;
    entry.recorded_at := clock_timestamp();
    entry.database_id := data ->> 'database';
    entry.rollback := coalesce(data ->> 'rollback', regexp_replace(data ->> 'restore', '/(count|read)$', ''));
    entry.actor := coalesce(data ->> 'requestedBy', data ->> 'approver', data ->> 'rejectedBy', data ->> 'cancelledBy', data ->> 'approvedBy');
    entry.previous := coalesce(head.hash, decode(repeat('00', 32), 'hex'));
    entry.hash := audit_hash(entry);
    insert into audit select (entry).*;
end $$;

create function audit_said() returns trigger language plpgsql set search_path from current as $$
declare
    entry audit;
begin
    entry.direction := 'said';
    entry.type := new.headers ->> 'ce_type';
    entry.event_id := new.headers ->> 'ce_id';
    entry.source := new.headers ->> 'ce_source';
    entry.document := convert_from(new.value, 'UTF8');
    -- jsonb cannot hold the character 0, the document as it was sent can.
    perform audit_append(entry, replace(entry.document, '\u0000', '\ufffd')::jsonb);
    return null;
end $$;

create function audit_heard() returns trigger language plpgsql set search_path from current as $$
declare
    entry audit;
begin
    entry.direction := 'heard';
    entry.type := new.type;
    entry.event_id := new.id;
    entry.source := new.source;
    entry.document := (new.envelope -> 'data')::text;
    perform audit_append(entry, new.envelope -> 'data');
    return null;
end $$;

--changeset ripcord:audit-cannot-be-forgotten splitStatements:false
create constraint trigger audit_said after insert on outbox deferrable initially deferred
    for each row when (new.topic not like '%.dead-letter') execute function audit_said();
create constraint trigger audit_heard after insert on inbox deferrable initially deferred
    for each row when (coalesce(new.envelope -> 'data' ->> 'rollback', new.envelope -> 'data' ->> 'restore') is not null)
    execute function audit_heard();
alter table outbox enable always trigger audit_said;
alter table inbox enable always trigger audit_heard;

--changeset ripcord:audit-is-append-only splitStatements:false
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();
alter table audit enable always trigger audit_is_append_only;

--changeset ripcord:audit-hears-no-event-twice
-- What is said once more as CDEvents is in the trail already, as what it is.
drop trigger audit_said on outbox;
create constraint trigger audit_said after insert on outbox deferrable initially deferred
    for each row when (new.topic not like '%.dead-letter' and new.topic not like '%.cdevents') execute function audit_said();
alter table outbox enable always trigger audit_said;
