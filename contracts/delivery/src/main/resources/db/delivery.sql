--liquibase formatted sql

--changeset ripcord:inbox
create table inbox (
    source      text        not null,
    id          text        not null,
    position    bigint      generated always as identity,
    type        text        not null,
    database_id text        not null,
    kind        text,
    task_id     text,
    envelope    jsonb       not null,
    received_at timestamptz not null default now(),
    constraint each_event_once primary key (source, id)
);
comment on table inbox is 'Every event taken in, once; those that name a task are its mail.';
create index inbox_mail on inbox (kind, task_id, position) where task_id is not null;
create index inbox_age on inbox (received_at);

--changeset ripcord:task
create table task (
    kind        text        not null,
    id          text        not null,
    database_id text        not null,
    state       text        not null,
    document    jsonb       not null,
    finished    boolean     not null default false,
    due_at      timestamptz not null default now(),
    signals     bigint      not null default 0,
    owner       text,
    lease_until timestamptz,
    fence       bigint      not null default 0,
    attempts    integer     not null default 0,
    problem     text,
    traceparent text,
    created_at  timestamptz not null default now(),
    state_since timestamptz not null default now(),
    primary key (kind, id)
);
comment on table task is 'Work and its state: claimed by a lease, each owner with a higher fencing number than the one before.';
create index task_due on task (due_at) where not finished;
create index task_of_database on task (database_id, kind, created_at);

--changeset ripcord:outbox
create table outbox (
    position   bigint generated always as identity primary key,
    topic      text        not null,
    key        text,
    value      bytea,
    headers    jsonb       not null,
    created_at timestamptz not null default now(),
    sent_at    timestamptz
);
comment on table outbox is 'What is to be sent, in order; written in the transaction of the change that it announces.';
create index outbox_unsent on outbox (position) where sent_at is null;
create index outbox_sent on outbox (sent_at) where sent_at is not null;

--changeset ripcord:wake-up splitStatements:false
create function wake_up() returns trigger language plpgsql as $$
begin
    perform pg_notify(tg_table_schema || '_' || tg_table_name, '');
    return null;
end $$;
create trigger wake_up_runner after insert or update of signals on task for each statement execute function wake_up();
create trigger wake_up_relay after insert on outbox for each statement execute function wake_up();

--changeset ripcord:said
alter table task add column said text;
comment on column task.said is 'The id of the last event that the task announced of its rollback: the next one names it.';
