--liquibase formatted sql

--changeset ripcord:snapshot
create table snapshot (
    id          text        primary key,
    database_id text        not null,
    migration   text        not null,
    number      integer     not null,
    asked_at    timestamptz not null default now(),
    ended_at    timestamptz,
    released_at timestamptz,
    released_by text,
    constraint one_snapshot_per_run_of_a_migration unique (database_id, migration, number)
);
comment on table snapshot is 'Which snapshot a migration waits for: the one with the highest number. A run of it that has ended gets another.';
comment on column snapshot.ended_at is 'When the migration that it was taken for ended, or was rolled back.';
comment on column snapshot.released_at is 'When the migration was declared good: from then on only the least retention keeps the snapshot.';

--changeset ripcord:ended-restore
create table ended_restore (
    restore  text        primary key,
    ended_at timestamptz not null default now()
);
comment on table ended_restore is 'Restores whose copies nobody needs any more: their rollback has ended.';

--changeset ripcord:ended-as
alter table snapshot add column ended_as text;
comment on column snapshot.ended_as is 'What was told of that end first: the type of the event, or withdrawn.';

--changeset ripcord:needed-snapshot
create table needed_snapshot (
    snapshot text not null,
    restore  text not null,
    primary key (snapshot, restore)
);
comment on table needed_snapshot is 'Which snapshot a rollback or a restore is about: it is kept until that is in ended_restore.';

--changeset ripcord:rolled-back
alter table snapshot add column rolled_back_at timestamptz, add column rolled_back_by text;
comment on column snapshot.rolled_back_at is 'When a rollback to it had completed that was not undone since: its least retention runs from then, and nothing else keeps it.';
