--liquibase formatted sql

--changeset ripcord:message
create table message (
    id       text        primary key,
    channel  text        not null,
    rollback text,
    about_at timestamptz not null,
    position bigint      generated always as identity
);
comment on table message is 'The order of the messages to one channel about one rollback; each is a task of kind delivery.';
create index message_order on message (channel, rollback, about_at, position);

--changeset ripcord:incident
create table incident (
    rollback            text        primary key,
    database_id         text        not null,
    first_at            timestamptz not null,
    requested_at        timestamptz,
    requested_by        text,
    reason              text,
    migration           text,
    snapshot            text,
    undoes              text,
    planned_at          timestamptz,
    method              text,
    taken_at            timestamptz,
    approval            text,
    estimated_outage_ms bigint,
    started_at          timestamptz,
    approved_by         text,
    declined            text,
    step                text,
    step_at             timestamptz,
    outcome             text constraint known_outcome check (outcome in ('completed', 'failed', 'undone', 'refused')),
    outcome_at          timestamptz,
    outcome_reason      text,
    left_as             text,
    next                text,
    outage_ms           float8,
    total_ms            bigint,
    kept_database       text,
    undo                text,
    undone_by           text,
    loss                jsonb,
    loss_exact          boolean     not null default false,
    verification        text,
    verification_at     timestamptz
);
comment on table incident is 'Each rollback as people see it, put together from its events in whatever order they come.';
create index incident_newest on incident (first_at desc);

--changeset ripcord:silence
alter table incident add column silence_told timestamptz;
comment on column incident.silence_told is 'The time of the step after which nothing more was heard, where that was told.';

--changeset ripcord:note
create table note (
    channel text        not null,
    subject text        not null,
    name    text        not null,
    value   text        not null,
    kept_at timestamptz not null default now(),
    primary key (channel, subject, name)
);
comment on table note is 'What a channel remembers of a rollback, such as the id that the provider gave its message or incident.';

--changeset ripcord:post-mortem
alter table incident add column post_mortem_done boolean not null default false;
alter table incident add column reminded_at timestamptz;
comment on column incident.reminded_at is 'When people were reminded of the post-mortem.';

--changeset ripcord:previous
alter table message add column source text, add column previous text, add column patient_until timestamptz;
comment on column message.previous is 'The event that must be known before this one is told, for as long as there is patience.';

--changeset ripcord:dry-run
update incident set outcome = 'refused', outcome_at = step_at, outcome_reason = 'dry run' where step = 'dry-run-ended' and outcome is null;
