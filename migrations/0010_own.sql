-- What a person sets and takes with them: choices of mail, the weekly letter, copies of everything.

-- +goose Up

alter table accounts add column prefs text not null default '';          -- choices of the person: JSON
alter table accounts add column digest_at bigint not null default 0;     -- when the next weekly letter is due; 0 before the first is planned
create index accounts_digest on accounts (digest_at);

-- Copies that people asked for of all they have here; the file is beside the pictures until it expires.
create table exports (
    id       bigint primary key,
    account  bigint not null,
    state    smallint not null,               -- 0 being made, 1 ready, 2 failed
    done     integer not null,                -- entries written so far
    total    integer not null,                -- entries to write; 0 until they are counted
    name     text not null,                   -- of the file; '' until it is ready
    bytes    bigint not null,
    created  bigint not null,
    finished bigint not null
);
create index exports_account on exports (account, id);
