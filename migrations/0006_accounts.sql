-- How people come: requests for an account, invitations. And whom a team tells of what reaches it.

-- +goose Up

-- Who asked for an account and has none yet. The person's actor is born with the account: nothing of a request that comes to nothing is ever published.
create table signups (
    id         bigint primary key,
    handle     text not null unique,
    email      text not null unique,
    name       text not null,
    password   text not null,                 -- argon2id
    language   text not null,
    actor_kind text not null,                 -- V2; '' when not said
    why        text not null,
    invitation text not null,                 -- code; '' without one
    state      smallint not null,             -- 0 address not confirmed, 1 waits for a decision
    secret     text not null,                 -- SHA-256 of the link that confirms the address
    sent       bigint not null,               -- when that link was last sent
    created    bigint not null
);
create index signups_state on signups (state, id);
create index signups_secret on signups (secret);

-- Links that let somebody in without being asked why. The code stands here as it is: who made it must be able to copy it again.
create table invitations (
    code    text primary key,
    account bigint not null,                  -- who invites
    note    text not null,                    -- for whom, in their words
    uses    integer not null,                 -- at most
    used    integer not null,
    created bigint not null,
    expires bigint not null
);
create index invitations_account on invitations (account, created);

-- Whether a member is told of what reaches a team; without a row, owners and editors are.
create table hearing (
    actor  bigint not null,                   -- project, organisation or accelerator
    person bigint not null,
    hears  boolean not null,
    primary key (actor, person)
);

alter table notifications add column via bigint;                            -- the team through which one is told; null for oneself
