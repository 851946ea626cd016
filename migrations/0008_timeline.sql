-- What a timeline reads along: the shares of an actor, newest first; and what people keep for themselves.

-- +goose Up

create index activities_shares on activities (actor, id, object) where type = 'Announce' and object is not null;

-- What somebody wants to find again: nobody else is told.
create table bookmarks (
    account bigint not null,
    object  bigint not null,
    created bigint not null,
    primary key (account, object)
);
create index bookmarks_newest on bookmarks (account, created, object);
