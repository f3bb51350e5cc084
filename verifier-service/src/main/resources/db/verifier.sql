--liquibase formatted sql

--changeset ripcord:manifest
create table manifest (
    snapshot    text        primary key,
    database_id text        not null,
    document    jsonb       not null,
    received_at timestamptz not null default now(),
    expired_at  timestamptz
);
comment on table manifest is 'What each proven snapshot holds; kept for a month after the snapshot itself is gone.';
