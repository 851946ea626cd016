-- One text for SQLite and PostgreSQL. Times are milliseconds since 1970, ids are made in Go (internal/essaim.ID), booleans are booleans,
-- JSON is text read in Go. Zero and '' stand for "none" in columns of values; null only where a row is referred to.
-- No foreign keys between content tables: a document may arrive before what it refers to.

-- +goose Up

-- Facts about this database itself: the public address it was first started with, secrets made at first start.
create table meta (
    key   text primary key,
    value text not null
);

-- Every actor and object known here, local or remote, as its ActivityStreams document with the columns that queries need.
create table objects (
    id            bigint primary key,
    iri           text not null unique,
    kind          text not null,              -- essaim kind; '' for what we keep and do not show
    type          text not null,              -- ActivityStreams type
    host          text not null,              -- authority of iri
    local         boolean not null,
    attributed_to bigint,                     -- objects.id of the author; null for actors and unknown authors
    context       text not null,              -- conversation (FEP-7888)
    in_reply_to   text not null,              -- iri of the parent, known or not
    reply_to      bigint,                     -- objects.id of the parent once known
    visibility    smallint not null,          -- 0 public, 1 unlisted, 2 followers, 3 direct
    published     bigint not null,
    updated       bigint not null,            -- 0 when never edited
    starts        bigint not null,
    ends          bigint not null,
    phase         text not null,
    language      text not null,
    lat           double precision,
    lon           double precision,
    deleted       bigint not null,            -- when it became a Tombstone; 0 while it lives
    fetched       bigint not null,            -- when the document was last read at its origin; 0 for local ones
    version       integer not null,           -- bumped by every write: the lock of an Apply on PostgreSQL
    policy        integer not null,           -- version of the sanitiser that made html
    doc           text not null,
    html          text not null
);
create index objects_author on objects (attributed_to, id);
create index objects_kind on objects (kind, id);
create index objects_replies on objects (reply_to, id) where reply_to is not null;
create index objects_orphans on objects (in_reply_to) where reply_to is null and in_reply_to <> '';
create index objects_context on objects (context, id) where context <> '';
create index objects_starts on objects (starts, id) where starts <> 0;

-- What fan-out, addressing and WebFinger need of an actor, beside its row in objects.
create table actors (
    object       bigint primary key,
    handle       text not null,
    host         text not null,
    type         text not null,
    inbox        text not null,
    shared_inbox text not null,
    outbox       text not null,
    followers    text not null,               -- iri of the followers collection
    verified     boolean not null,            -- two-way WebFinger done (S12); always true for local ones
    state        smallint not null            -- 0 active, 1 limited, 2 suspended, 3 gone
);
create unique index actors_handle on actors (host, handle);
create index actors_followers on actors (followers);

-- Who may see what is not public.
create table recipients (
    object bigint not null,
    actor  bigint not null,
    primary key (object, actor)
);
create index recipients_actor on recipients (actor, object);

-- Territories, themes, tags, SDGs: several per object, containment already expanded.
create table terms (
    scheme text not null,
    key    text not null,
    object bigint not null,
    primary key (scheme, key, object)
);
create index terms_object on terms (object);

-- References only; content lives in objects (law 3).
create table activities (
    id         bigint primary key,
    iri        text not null unique,
    type       text not null,
    actor      bigint not null,
    object     bigint,
    object_iri text not null,
    target_iri text not null,
    origin     smallint not null,             -- 0 local, 1 remote, 2 fetched, 3 system
    visibility smallint not null,
    published  bigint not null,
    extra      text not null                  -- audience, result, reason: JSON
);
create index activities_actor on activities (actor, id);
create index activities_object on activities (object, type) where object is not null;

-- Exactly what is sent, kept until the last delivery, erased with the object.
create table payloads (
    activity bigint primary key,
    body     bytea not null
);

-- Follow, like, announce, join, member, block, derived-from: one typed table; every collection is a query over it.
create table relations (
    id       bigint primary key,
    kind     text not null,
    source   bigint not null,
    target   bigint not null,
    state    smallint not null,               -- 0 pending, 1 accepted, 2 rejected
    role     text not null,
    activity text not null,                   -- iri of the activity that made it
    created  bigint not null
);
create unique index relations_triple on relations (kind, source, target);
create index relations_target on relations (kind, target, id);
create index relations_source on relations (kind, source, id);
create index relations_activity on relations (activity) where activity <> '';

-- An Undo or a Delete that came before what it undoes.
create table markers (
    iri     text not null,
    type    text not null,
    actor   text not null,
    created bigint not null,
    primary key (iri, actor)
);

-- Public keys of remote actors by key id, and our own with their private half.
create table keys (
    id        text primary key,
    owner     text not null,                  -- iri of the actor
    algorithm text not null,                  -- rsa, ed25519
    public    text not null,                  -- PEM, or multibase
    private   text not null,                  -- PKCS#8 PEM; '' for remote keys
    created   bigint not null,
    retired   bigint not null                 -- 0 while in use; remote keys are dropped, ours kept until their deliveries are done
);
create index keys_owner on keys (owner);

-- What is known of a peer server: policy, health, abilities.
create table hosts (
    host          text primary key,
    policy        smallint not null,          -- 0 none, 1 limited, 2 blocked, 3 allowed
    reason        text not null,
    failures      integer not null,
    first_failure bigint not null,
    open_until    bigint not null,
    last_ok       bigint not null,
    last_seen     bigint not null,            -- last authenticated request from there
    family        smallint not null,          -- 0 unknown, 1 draft-cavage, 2 RFC 9421 with RSA, 3 RFC 9421 with Ed25519
    family_until  bigint not null,            -- when that is to be learnt again; 0 for never
    software      text not null,
    application   text not null,              -- iri of its instance actor (FEP-2677)
    created       bigint not null
);

-- Inboxes that answered 404 or 410 (DL4): dropped after three.
create table dead_inboxes (
    inbox  text primary key,
    misses integer not null,
    last   bigint not null
);

create table accounts (
    id       bigint primary key,
    actor    bigint not null unique,
    email    text not null unique,
    role     text not null,
    password text not null,                   -- argon2id; '' until chosen
    language text not null,
    state    smallint not null,               -- 0 active, 1 pending, 2 suspended
    created  bigint not null
);

-- Bearer tokens of the client APIs and one-time links, by the SHA-256 of the secret.
create table tokens (
    hash    text primary key,
    account bigint not null,
    purpose text not null,                    -- api, password
    scope   text not null,
    created bigint not null,
    expires bigint not null,                  -- 0 for never
    used    bigint not null
);
create index tokens_account on tokens (account);

create table notifications (
    id       bigint primary key,
    actor    bigint not null,                 -- who is told
    kind     text not null,
    source   bigint not null,                 -- who did it
    activity bigint not null,
    object   bigint,
    created  bigint not null,
    seen     boolean not null
);
create index notifications_actor on notifications (actor, id);
create unique index notifications_once on notifications (actor, activity);

create table reports (
    id       bigint primary key,
    reporter bigint not null,
    target   bigint not null,
    objects  text not null,
    content  text not null,
    activity text not null,
    created  bigint not null,
    state    smallint not null                -- 0 open, 1 decided
);

create table audit (
    id     bigint primary key,
    at     bigint not null,
    who    text not null,
    verb   text not null,
    target text not null,
    detail text not null
);

-- Progress of a walk through a remote outbox or instance; the work itself is jobs.
create table backfills (
    root     text primary key,                -- actor or instance iri
    state    smallint not null,               -- 0 running, 1 complete, 2 failed
    cursor   text not null,
    pages    integer not null,
    items    integer not null,
    error    text not null,
    started  bigint not null,
    updated  bigint not null
);

-- Every queue is this table. A job is running while its lease is ahead; the claim also moves run_at past the lease, so that
-- a job whose node died comes due again by itself. Claiming leaves state alone: it stands in the conditions of the indexes.
create table jobs (
    id       bigint primary key,              -- in the order of creation
    kind     text not null,
    lane     text not null,                   -- what is limited together: a host
    serial   text not null,                   -- what is done in order: inbox and object, or the author
    state    smallint not null,               -- 0 waiting or running, 2 dead
    attempts integer not null,
    run_at   bigint not null,
    lease    bigint not null,                 -- until when it is being run; 0 for waiting
    created  bigint not null,
    expires  bigint not null,                 -- 0 for never
    activity bigint,
    object   bigint,
    status   integer not null,                -- HTTP status of the last failure
    args     text not null,
    body     bytea,
    error    text not null
);
create index jobs_due on jobs (kind, run_at, id) where state < 2;
create index jobs_serial on jobs (kind, serial, id) where state < 2 and serial <> '';
create index jobs_dead on jobs (id) where state = 2;
create index jobs_object on jobs (object) where object is not null;
create index jobs_activity on jobs (activity) where activity is not null;
