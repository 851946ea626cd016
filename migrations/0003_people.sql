-- What a person signed in needs: sessions, drafts, and the forms already sent.

-- +goose Up

-- A browser that is signed in, by the SHA-256 of its cookie: a person can list and end them.
create table sessions (
    hash    text primary key,
    account bigint not null,
    created bigint not null,
    seen    bigint not null,                  -- last request, to the hour
    expires bigint not null,
    agent   text not null,                    -- what the browser calls itself
    address text not null                     -- where it last came from
);
create index sessions_account on sessions (account, seen);

-- What was typed into a form and not sent: one draft for each form of a person.
create table drafts (
    account bigint not null,
    form    text not null,                    -- path of the form
    fields  text not null,                    -- as a query string
    updated bigint not null,
    primary key (account, form)
);

-- Forms that were carried out, by the token each was rendered with: a second click changes nothing.
create table submissions (
    token   text primary key,
    account bigint not null,
    page    text not null,                    -- where the first click led; '' when nowhere in particular
    created bigint not null
);
create index submissions_created on submissions (created);
