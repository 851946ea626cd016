-- Whom a person does not want to see: nobody else is told, so they are rows and no activities.

-- +goose Up

create table mutes (
    actor   bigint not null,                  -- who does not want to see
    target  bigint not null,                  -- an actor; 0 when it is a whole server
    host    text not null,                    -- a server; '' when it is an actor
    created bigint not null,
    primary key (actor, target, host)
);
