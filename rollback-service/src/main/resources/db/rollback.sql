--liquibase formatted sql

--changeset ripcord:one-rollback-at-a-time
-- A request that is not admitted yet, and the counting after the outcome, are not in anybody's way.
create unique index only_one_active_rollback_per_database on task (database_id)
    where kind = 'rollback' and not finished and state not in ('Asked', 'Counting');

--changeset ripcord:known-snapshot
create table known_snapshot (
    id          text primary key,
    database_id text        not null,
    migration   text        not null,
    taken_at    timestamptz,
    shadow      jsonb,
    manifest    jsonb,
    problem     text,
    expired     boolean     not null default false,
    heard_at    timestamptz not null default now()
);
comment on table known_snapshot is 'What the snapshot service has told of its snapshots, in whatever order it arrived.';
create index known_snapshot_newest on known_snapshot (database_id, taken_at desc);

--changeset ripcord:bundle
create table bundle (
    snapshot text primary key,
    content  jsonb,
    problem  text,
    kept_at  timestamptz not null default now()
);
comment on table bundle is 'The migration tool''s files as they were when the snapshot was asked for, or why there are none.';

--changeset ripcord:restore-progress
create table restore_progress (
    restore  text primary key,
    rollback text        not null,
    document jsonb       not null,
    heard_at timestamptz not null default now()
);
comment on table restore_progress is 'How far the copies are that rollbacks wait for: the newest word of each.';
create index restore_progress_of on restore_progress (rollback, heard_at desc);
--changeset ripcord:alarm
create table alarm (
    rollback  text        not null,
    state     text        not null,
    since     timestamptz not null,
    raised_at timestamptz not null default now(),
    constraint each_alarm_once primary key (rollback, state, since)
);
comment on table alarm is 'Rollbacks that stood in a state for longer than its deadline; each time in a state once.';

--changeset ripcord:known-migration
create table known_migration (
    database_id text not null,
    migration   text not null,
    started_at  timestamptz,
    ended_at    timestamptz,
    failed      boolean not null default false,
    primary key (database_id, migration)
);
comment on table known_migration is 'How far each migration got, as its pipeline told; in whatever order it arrived.';

--changeset ripcord:alert
create table alert (
    key         text        primary key,
    position    bigint      generated always as identity,
    intake      text        not null,
    database_id text        not null,
    group_key   text        not null,
    fingerprint text        not null,
    name        text        not null,
    starts_at   timestamptz not null,
    labels      jsonb       not null,
    summary     text        not null,
    signal      text        not null,
    received_at timestamptz not null default now(),
    resolved_at timestamptz,
    verdict     text,
    reason      text,
    rollback    text
);
comment on table alert is 'Each alert that came in, once for each database that it is about, or for none; what became of it.';
create unique index alert_position on alert (position);
create index alert_newest on alert (database_id, position desc);
create index alert_undecided on alert (database_id, position) where verdict is null and resolved_at is null;
create index alert_of_rollback on alert (rollback) where rollback is not null;
create index alert_age on alert (received_at);
create unique index alerts_of_a_database_are_gathered_once on task (database_id) where kind = 'alerts' and not finished and state = 'Gathering';

--changeset ripcord:measured
create table measured (
    position    bigint      primary key,
    rollback    text        not null,
    measured_at timestamptz not null default now()
);
comment on table measured is 'The outcomes in the audit trail that were held against what was promised.';

--changeset ripcord:slack-request
create table slack_request (
    signature text        primary key,
    seen_at   timestamptz not null default now()
);
comment on table slack_request is 'What came from Slack within the last minutes: the same again changes nothing.';

--changeset ripcord:known-deployment
create table known_deployment (
    database_id text        not null,
    deployment  text        not null,
    what        text        not null,
    release     text,
    started_by  text,
    service     text,
    environment text,
    image       text,
    detail      text,
    at          timestamptz not null,
    primary key (database_id, deployment)
);
comment on table known_deployment is 'What was told of rollouts, once for each database that they concern; in whatever order it arrived.';
create index known_deployment_newest on known_deployment (database_id, at desc);

--changeset ripcord:never-ran
alter table known_migration add column never_ran_at timestamptz;
comment on column known_migration.never_ran_at is 'When it was told that a run of it has not begun and will not: its gate stayed closed, or nobody waits at it any more. Of the runs before that says nothing.';

--changeset ripcord:ran-from
alter table known_migration add column ran_from timestamptz;
comment on column known_migration.ran_from is 'When the run began that came before the newest question: where that one never runs, or came while the run went on, it is the one that counts.';
